"""Each benchmark on a handful of sentences in its own format, against figures worked out by hand."""

import gzip
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import istok.eval.benchmarks.setting
import istok.index.index
from istok.eval.benchmarks import news_qa, newstest, ru_rag, xquad, xquad_r
from istok.eval.benchmarks.asking import Asked
from istok.eval.benchmarks.catalogue import NAMES, run
from istok.eval.benchmarks.collection import archive
from istok.eval.benchmarks.figures import BenchmarkError, Outcome, Run
from istok.eval.benchmarks.setting import Setting
from istok.eval.metrics import Estimate
from istok.index.embed import open_embedder
from istok.index.home import Home
from istok.index.index import Index
from istok.rag.types import Answer, Claim, Timings
from istok.ui.cli import main
from istok.ui.commands.eval import BENCHMARKS

RUSSIAN = ["Мост через Каму построил инженер Петров.", "Проезд обойдётся в сорок рублей.", "Зимой здесь холодно."]
ENGLISH = [
    "Engineer Petrov built the bridge over the Kama.",
    "The fare is forty roubles.",
    "It is cold here in winter.",
]
# The second answer is said to stand where nothing that the question says does.
SQUAD = {
    "ru": (RUSSIAN, [("Кто построил мост через Каму?", "Петров"), ("Какой инженер построил мост?", "Зимой")]),
    "en": (ENGLISH, [("Who built the bridge over the Kama?", "Petrov"), ("Which engineer built a bridge?", "winter")]),
}
PAGES = {
    "1.txt": "Река Вычегда\nВы́чегда течёт по Республике Коми.\n",
    "2.txt": "Писатель Чехов\nЧехов родился в Таганроге в 1860 году.\n",
    "3.txt": "Гора Эльбрус\nЭльбрус поднимается на 5642 метра.\n",
}
ARTICLES = {
    "7.txt": "Завод открыли в Туле\nВ Туле открыли завод велосипедов. Губернатор перерезал ленту.\n",
    "8.txt": "Выставка кошек прошла в Пскове\nВ Пскове показали сорок сибирских кошек. Победил кот Марсель.\n",
}


def squad_file(language: str) -> dict[str, object]:
    sentences, questions = SQUAD[language]
    context = " ".join(sentences)
    starts = [context.index(sentence) for sentence in sentences]
    breaks = [[start, start + len(sentence)] for start, sentence in zip(starts, sentences, strict=True)]
    qas = [
        {"id": str(number), "question": question, "answers": [{"text": text, "answer_start": context.index(text)}]}
        for number, (question, text) in enumerate(questions)
    ]
    paragraph = {"context": context, "qas": qas, "sentences": sentences, "sentence_breaks": breaks}
    return {"data": [{"title": "A bridge", "paragraphs": [paragraph]}], "version": "1.1"}


def write_tar(path: Path, folder: str, texts: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as tar:
        for name, text in texts.items():
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))


def write_lines(path: Path, *records: dict[str, object]) -> None:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")


def news_item(article: str, ru: str, en: str, *evidence: str) -> dict[str, object]:
    return {
        "article": article,
        "question_ru": ru,
        "question_en": en,
        "evidence": evidence,
        "answer_ru": "завод",
        "answer_en": "a plant",
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with all five sets."""
    root = tmp_path / "data"
    for name in ("xquad", "xquad-r"):
        (root / "eval" / name).mkdir(parents=True)
        for language in SQUAD:
            (root / "eval" / name / f"{language}.json").write_text(json.dumps(squad_file(language)), "utf-8")
    with gzip.open(root / "eval" / "newstest2017-2018.ru-en.tsv.gz", "wt", encoding="utf-8") as file:
        for russian, english in zip(RUSSIAN, ENGLISH, strict=True):
            file.write(f"newstest\t{russian}\t{english}\n")
    write_tar(root / ru_rag.PAGES, "files", PAGES)
    write_lines(
        root / ru_rag.QUESTIONS,
        {"id": "1", "question": "Где течёт Вычегда?", "question_en": "Where is Vychegda?", "answer": "республике Коми",
         "context": "", "file": "1.txt"},
        {"id": "2", "question": "Где родился Чехов?", "question_en": None, "answer": "Ялта", "context": "",
         "file": "2.txt"},
    )  # fmt: skip
    write_tar(root / news_qa.ARTICLES, "articles", ARTICLES)
    write_lines(
        root / "news-qa" / "dev.jsonl",
        news_item("7", "Какой завод открыли в Туле?", "Which plant is in Tula?", "В Туле открыли завод велосипедов."),
        # Here too the evidence is said to be where it isn't.
        news_item("8", "Сколько сибирских кошек показали в Пскове?", "How many cats in Pskov?", "Победил кот Марсель."),
        news_item("8", "Какова температура плавления вольфрама?", "What is the melting point of tungsten?"),
    )  # fmt: skip
    return root


@pytest.fixture(scope="module", autouse=True)
def _one_encoder() -> Iterator[None]:
    """The real encoder, loaded once."""
    with pytest.MonkeyPatch.context() as patch:
        once = cache(open_embedder)
        patch.setattr(istok.index.index, "open_embedder", once)
        patch.setattr(istok.eval.benchmarks.setting, "open_embedder", once)
        yield


@pytest.fixture
def setting(data: Path, tmp_path: Path) -> Setting:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Setting(data=data, home=Home.open(tmp_path / "bench"), scratch=scratch)


def find(outcome: Outcome, direction: str, measure: str, system: str) -> Estimate:
    [estimate] = [
        figure.estimate
        for figure in outcome.figures
        if (figure.direction, figure.measure, figure.system) == (direction, measure, system)
    ]
    return estimate


def test_xquad_r_finds_the_sentence_that_says_the_words_and_ranks_another_by_where_it_stands(setting: Setting) -> None:
    outcome = xquad_r.measure(setting)
    for direction in ("ru→ru", "en→en"):
        # The first question's sentence comes first; the second's shares no word with it, so words alone don't find it.
        assert find(outcome, direction, "MRR@100", "lexical").value == pytest.approx(0.5)
        assert find(outcome, direction, "recall@10", "lexical").value == pytest.approx(0.5)
        # Vectors rank all three sentences, the wrong one first, so that it is second or third.
        assert find(outcome, direction, "recall@10", "dense").value == 1
        assert find(outcome, direction, "MRR@100", "dense").value in (pytest.approx(0.75), pytest.approx(2 / 3))
    assert {figure.direction for figure in outcome.figures} == {
        "ru→ru", "en→ru", "ru→en", "en→en", "ru→ru+en", "en→ru+en",
    }  # fmt: skip
    assert find(outcome, "ru→ru+en", "mAP@100", "fused").n == 2
    assert outcome.passages == outcome.vectors == 6


def test_xquad_judges_the_best_sentence_and_what_is_quoted(setting: Setting) -> None:
    outcome = xquad.measure(setting)
    assert find(outcome, "ru→ru", "sentence accuracy", "quote").value == pytest.approx(0.5)
    assert find(outcome, "ru→ru", "EM", "quote").value == 0
    # «петров», marked, and «мост через каму построил инженер петров» against «петров»: 2 · 1 / (7 + 1); the second
    # answer isn't in it.
    assert find(outcome, "ru→ru", "F1", "quote").value == pytest.approx((2 / 8) / 2)
    assert find(outcome, "en→en", "sentence accuracy", "quote").value == pytest.approx(0.5)
    assert find(outcome, "ru→en", "answered", "quote").n == 2


def test_newstest_counts_the_sentences_whose_own_translation_is_nearest(setting: Setting) -> None:
    outcome = newstest.measure(setting)
    assert find(outcome, "ru→en", "accuracy", "encoder").value == 1
    assert find(outcome, "en→ru", "accuracy", "encoder").value == 1
    path = setting.data / newstest.LAYOUT[0]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for russian, english in zip(RUSSIAN, [ENGLISH[0], ENGLISH[2], ENGLISH[1]], strict=True):
            file.write(f"newstest\t{russian}\t{english}\n")
    assert find(newstest.measure(setting), "ru→en", "accuracy", "encoder").value == pytest.approx(1 / 3)


def test_ru_rag_finds_pages_and_the_answers_that_they_say(setting: Setting) -> None:
    outcome = ru_rag.measure(replace(setting, answers=True))
    for system in ("lexical", "fused", "reranked"):
        assert find(outcome, "ru→ru", "right page first", system).value == 1
        # «Вы́чегда течёт по Республике Коми» says it despite case and stress marks; nothing says «Ялта».
        assert find(outcome, "ru→ru", "answer in top 5", system).value == pytest.approx(0.5)
    assert find(outcome, "en→ru", "right page first", "fused").n == 1
    assert find(outcome, "ru→ru", "answer in a cited sentence", "quote").value == pytest.approx(0.5)
    milliseconds = find(outcome, "ru→ru", "search p50, ms", "fused").value
    assert milliseconds is not None
    assert milliseconds > 0


def test_a_filled_home_is_used_as_it_is_and_a_part_is_completed(setting: Setting) -> None:
    told: list[tuple[str, int, int]] = []
    pages = setting.data / ru_rag.PAGES

    def fill() -> set[str]:
        told.clear()
        with archive(setting.home, pages, lambda *step: told.append(step)) as index:
            return {document.id for document in index.documents()}

    assert fill() == set(PAGES)
    assert ("index", 3, 3) in told
    assert fill() == set(PAGES)
    assert told == []
    with Index.open(setting.home) as index:
        index.remove("2.txt")
    assert fill() == set(PAGES)
    assert [step for step in told if step[0] == "index"] == [("index", 1, 1)]


def test_a_home_with_other_documents_is_refused(setting: Setting, seeds: Path) -> None:
    with Index.open(setting.home) as index:
        index.store([seeds])
    with pytest.raises(BenchmarkError, match=r"holds documents that corpus.tar.gz doesn't .*--home"):
        ru_rag.measure(setting)


def test_news_qa_judges_articles_evidence_and_abstention(setting: Setting) -> None:
    outcome = news_qa.measure(setting)
    assert find(outcome, "ru→ru", "right article first", "lexical").value == 1
    assert find(outcome, "ru→ru", "right article first", "reranked").value == 1
    assert find(outcome, "ru→ru", "evidence first", "quote").value == pytest.approx(0.5)
    assert find(outcome, "ru→ru", "answered, of the answerable", "quote").n == 2
    assert find(outcome, "ru→ru", "abstained, of the unanswerable", "quote") == Estimate(
        value=1, low=None, high=None, n=1
    )
    # Of three questions one has its evidence first; the unanswerable one can't.
    assert find(outcome, "ru→ru", "risk at coverage 100%", "quote").value == pytest.approx(2 / 3)
    # «завод» is one word of the five of the sentence; no word of the other quote is.
    assert find(outcome, "ru→ru", "F1", "quote").value == pytest.approx(2 * 1 / (5 + 1) / 2)


def test_news_qa_accepts_a_short_answer_in_the_language_of_the_articles_and_in_the_questions_own(
    setting: Setting,
) -> None:
    asked = "Какой завод открыли в Туле?"
    item = news_item("7", asked, asked, "В Туле открыли завод велосипедов.")
    write_lines(setting.data / "news-qa" / "dev.jsonl", item | {"answer_en": "Открыли завод велосипедов"})
    outcome = news_qa.measure(setting)
    # One common word of five and one, three of five and three.
    assert find(outcome, "ru→ru", "F1", "quote").value == pytest.approx(2 * 1 / (5 + 1))
    assert find(outcome, "en→ru", "F1", "quote").value == pytest.approx(2 * 3 / (5 + 3))
    write_lines(setting.data / "news-qa" / "dev.jsonl", item)
    assert find(news_qa.measure(setting), "en→ru", "F1", "quote").value == pytest.approx(2 * 1 / (5 + 1))


def test_risks_are_estimated_with_their_interval() -> None:
    estimates = news_qa.risk_coverage_estimates([0.1, 0.9, 0.7, 0.8], [False, True, True, False])
    assert estimates["risk at coverage 20%"].value == 0
    assert estimates["risk at coverage 40%"].value == pytest.approx(1 / 2)
    assert estimates["risk at coverage 100%"].value == pytest.approx(1 / 2)
    # In order of confidence: 0/1, 1/2, 1/3, 2/4.
    whole = estimates["area under risk–coverage"]
    assert whole.value == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert whole.n == 4
    assert 0 == whole.low < whole.value < whole.high == 1


def asked(*said: str) -> Asked:
    """An answer with these claims; an abstention without any."""
    claims = tuple(Claim(text, (1,)) for text in said)
    status = "answered" if claims else "abstained"
    times = Timings(0, 0, 0, 0)
    return Asked(Answer("?", "?", "ru", status, "hand", "", claims, (), 0.5, times))


def test_all_that_is_said_is_compared_and_the_span_that_is_marked_as_well() -> None:
    gold = ["Петров", "инженер Петров"]
    assert asked("Мост построил инженер Петров.").similarities(gold, "ru") == {
        "F1": pytest.approx(2 * 2 / (4 + 2)), "EM": 0,
    }  # fmt: skip
    assert asked("Мост построил инженер **Петров**.").similarities(gold, "ru") == {
        "F1": pytest.approx(2 * 2 / (4 + 2)), "EM": 0, "F1 of the span": 1, "EM of the span": 1,
    }  # fmt: skip
    assert asked().similarities(gold, "ru") == {"F1": 0, "EM": 0}


def test_a_limit_draws_the_same_questions_every_time(setting: Setting) -> None:
    drawn = replace(setting, limit=5).draw(range(100))
    assert len(drawn) == 5
    assert drawn == sorted(drawn)
    assert drawn == replace(setting, limit=5).draw(range(100))
    assert setting.draw("abc") == ["a", "b", "c"]


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_named_with_the_layout_that_is_expected(setting: Setting, name: str) -> None:
    with pytest.raises(BenchmarkError, match=r"/nowhere/.* is missing: --data must be a folder that holds .*(gz|json)"):
        run([name], replace(setting, data=Path("/nowhere")))


def test_a_malformed_line_is_named_by_its_number(setting: Setting) -> None:
    path = setting.data / ru_rag.QUESTIONS
    path.write_text(path.read_text("utf-8") + '{"id": "3"}\n', "utf-8")
    with pytest.raises(BenchmarkError, match=r"questions.jsonl:3: question: Field required"):
        ru_rag.measure(setting)


def test_an_answer_that_is_not_where_it_is_said_to_be_is_refused(setting: Setting) -> None:
    path = setting.data / "eval/xquad/ru.json"
    wrong = squad_file("ru")
    wrong["data"][0]["paragraphs"][0]["qas"][0]["answers"][0]["answer_start"] += 1  # type: ignore[index]
    path.write_text(json.dumps(wrong), "utf-8")
    with pytest.raises(BenchmarkError, match=r"ru.json: question 0: 'Петров' is not what stands at"):
        xquad.measure(setting)


def test_evidence_that_is_not_in_its_article_is_refused(setting: Setting) -> None:
    write_lines(setting.data / "news-qa" / "dev.jsonl", news_item("7", "Что?", "What?", "Этого там нет."))
    with pytest.raises(BenchmarkError, match=r"evidence 'Этого там нет.' isn't in 7.txt"):
        news_qa.measure(setting)


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["eval", *map(str, arguments)])
    assert isinstance(stop.value.code, int)
    return stop.value.code


def test_the_command_prints_a_table_and_keeps_what_it_measured(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.json"
    home = tmp_path / "bench"
    assert command("bench", "all", "--data", data, "--json", kept, "--limit", 1, "--home", home) == 0
    printed = capsys.readouterr().out
    assert "MRR@100" in printed
    assert "LAReQA" in printed
    assert "at most 1 questions of each kind" in printed
    run_ = Run.model_validate_json(kept.read_text("utf-8"))
    assert [measured.name for measured in run_.benchmarks] == list(BENCHMARKS) == list(NAMES)
    assert run_.encoder_fingerprint == open_embedder(run_.encoder).fingerprint
    assert (run_.reader, run_.machine.cores > 0) == ("quote", True)
    assert (home / "ru-rag" / "index.sqlite").exists()


def test_a_missing_folder_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("bench", "xquad", "--data", tmp_path, "--home", tmp_path / "bench") == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "eval/xquad/ru.json is missing" in error


def test_options_of_the_gold_run_are_not_silently_dropped_before_bench(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("--home", tmp_path, "bench", "xquad", "--data", data) == 2
    assert "--home goes after bench" in capsys.readouterr().err
