import json
import tarfile
from pathlib import Path

import pytest

from istok.eval.benchmarks.figures import BenchmarkError
from istok.eval.mutations.citing import measure
from istok.eval.mutations.falsehoods import FALSEHOODS, still_true
from istok.eval.mutations.rewordings import REWORDINGS
from istok.eval.mutations.trial import judge, mutate, tabulate
from istok.eval.mutations.truths import Truth, of_gold, of_news
from istok.eval.questions import GoldItem
from istok.index.load import load
from istok.index.types import Document
from istok.rag.attribution import attributed
from istok.rag.types import Claim, Evidence, Sentence
from istok.rag.verify import TextOf, verify
from istok.ui.cli import main

ARTICLES = Path(__file__).parents[2] / "seeds"


def truth(
    text: str, quote: str = "Пусто.", *, twin: str = "", date: str | None = None, measured: bool = False
) -> Truth:
    sentence = Sentence(1, "a.txt", "title", date, "ru", 0, len(quote), quote, 1.0)
    return Truth("a", text, "ru" if any("а" <= c <= "я" for c in text) else "en", twin, Evidence((sentence,)), measured)


@pytest.mark.parametrize(
    ("kind", "text", "made"),
    [
        ("figures: digits", "Завод выпустил 45 станков.", "Завод выпустил 75 станков."),
        ("figures: digits", "Exports grew by 45%.", "Exports grew by 54%."),
        ("figures: scale", "Он стоит 8 млн рублей.", "Он стоит 8 млрд рублей."),
        ("figures: scale", "Он стоит 8 миллионов рублей.", "Он стоит 8 миллиардов рублей."),
        ("figures: scale", "It cost 8 million euros.", "It cost 8 billion euros."),
        ("figures: unit", "Он стоит 8 млн рублей.", "Он стоит 8 млн долларов."),
        ("figures: unit", "It lasted 8 hours.", "It lasted 8 days."),
        ("figures: in words", "Погибли трое рабочих.", "Погибли четверо рабочих."),
        ("figures: in words", "Экспорт вырос на треть.", "Экспорт вырос на четверть."),
        ("figures: in words", "He spent six years there.", "He spent seven years there."),
        ("figures: exchanged", "За неё 35 участников из 48.", "За неё 48 участников из 35."),
        ("dates: day", "Закон вышел 5 ноября 2025 года.", "Закон вышел 6 ноября 2025 года."),
        ("dates: month", "Закон вышел 5 ноября 2025 года.", "Закон вышел 5 декабря 2025 года."),
        ("dates: month", "It was in May 2007.", "It was in June 2007."),
        ("dates: year", "It was in May 2007.", "It was in May 2008."),
        ("names: person", "Музей возглавила Анна Иванова.", "Музей возглавила Анна Кузнецова."),
        ("names: person", "Он встретил Александра Рогожника.", "Он встретил Александра Вебера."),
        ("places: country", "Он вырос в Узбекистане.", "Он вырос в Казахстане."),
        ("places: country", "He grew up in Uzbekistan.", "He grew up in Kazakhstan."),
        ("places: nationality", "Это китайская компания.", "Это российская компания."),
        ("places: city", "Он живёт в Минске.", "Он живёт в Лондоне."),
        ("organisations", "Фильм снял «Восток».", "Фильм снял «Горизонт»."),
        ("organisations", "The Ministry of Defence said so.", "The Ministry of Health said so."),
        ("direction", "Экспорт вырос на треть.", "Экспорт снизился на треть."),
        ("direction", "Цены повысились.", "Цены понизились."),
        ("direction", "More than 40 people came.", "Less than 40 people came."),
        ("order", "После войны он уехал.", "До войны он уехал."),
        ("opposite", "Фабрику открыли в Перми.", "Фабрику закрыли в Перми."),
        ("negation: added", "Завод выпустил станки.", "Завод не выпустил станки."),
        ("negation: added", "The factory was closed.", "The factory was not closed."),
        ("negation: added", "He became a judge.", "He did not become a judge."),
        ("negation: removed", "Завод не выпустил станки.", "Завод выпустил станки."),
        ("negation: removed", "The factory was not closed.", "The factory was closed."),
        (
            "roles",
            "Дениса Игнатьева тренирует Александр Тихонов.",
            "Александра Тихонова тренирует Денис Игнатьев.",
        ),
        ("roles", "China bought it from Ukraine.", "Ukraine bought it from China."),
    ],
)
def test_a_falsehood_changes_what_its_kind_says(kind: str, text: str, made: str) -> None:
    assert made in list(FALSEHOODS[kind](truth(text)))


@pytest.mark.parametrize(
    ("kind", "text", "made"),
    [
        ("figures: format", "Он стоит 18,5 млн рублей.", "Он стоит 18,5 миллиона рублей."),
        ("figures: format", "Он стоит 18,5 млн рублей.", "Он стоит 18 500 000 рублей."),
        ("figures: format", "Экспорт вырос на 45%.", "Экспорт вырос на 45 процентов."),
        ("figures: format", "It cost $18.5 million.", "It cost $18,500,000."),
        ("figures: in words", "Он ждал 25 лет.", "Он ждал двадцать пять лет."),
        ("figures: in words", "Он ждал шесть лет.", "Он ждал 6 лет."),
        ("figures: in words", "He waited 31 years.", "He waited thirty-one years."),
        ("dates: format", "Закон вышел 5 ноября 2025 года.", "Закон вышел 05.11.2025."),
        ("dates: format", "It was on 5 November 2025.", "It was on November 5, 2025."),
        ("names: surname alone", "Музей возглавила Анна Иванова.", "Музей возглавила Иванова."),
        ("order", "Волк получил половину голосов.", "Половину голосов получил волк."),
        ("order", "Завод закрыли в 2022 году.", "В 2022 году завод закрыли."),
        ("order", "The factory closed in 2022.", "In 2022, the factory closed."),
        ("voice", "The bridge was designed by Petrov.", "Petrov designed the bridge."),
        ("synonym", "Клоун скончался в Москве.", "Клоун умер в Москве."),
        ("synonym", "Nearly all of them came.", "Almost all of them came."),
        ("punctuation", "Её снял «Восток» — сам.", 'Ее снял "Восток" - сам'),
        ("case", "Её снял «Восток».", "её снял «восток»."),
        ("shortened", "Цирк закрыли на зиму, потому что холодно.", "Цирк закрыли на зиму."),
        ("shortened", "After the war, he moved to Perm.", "He moved to Perm."),
    ],
)
def test_a_rewording_says_the_same(kind: str, text: str, made: str) -> None:
    assert made in list(REWORDINGS[kind](truth(text)))


def test_an_english_name_is_known_by_its_translation() -> None:
    told = truth("Alexei Aksyonov left Perm.", twin="Алексей Аксёнов уехал из Перми.")
    assert "Alexei Morozov left Perm." in list(FALSEHOODS["names: person"](told))
    assert "Alexey Aksyonov left Perm." in list(REWORDINGS["names: spelling"](told))
    assert "Aksyonov left Perm." in list(REWORDINGS["names: surname alone"](told))
    assert not list(FALSEHOODS["names: person"](truth("Alexei Aksyonov left Perm.")))


def test_the_date_of_the_document_is_told_and_its_year_added() -> None:
    told = truth("Завод закрыли 5 ноября.", "5 ноября завод закрыли.", date="2025-11-07")
    assert list(REWORDINGS["as of"](told)) == ["По данным на 7 ноября 2025 года, завод закрыли 5 ноября."]
    assert list(REWORDINGS["dates: year of the document"](told)) == ["Завод закрыли 5 ноября 2025 года."]
    # Of half a year ago: perhaps another year's.
    long_ago = truth("Завод закрыли 5 мая.", "5 мая завод закрыли.", date="2025-11-07")
    assert not list(REWORDINGS["dates: year of the document"](long_ago))


def test_a_list_and_what_is_mutual_have_no_roles_to_swap() -> None:
    for text in (
        "Германию и Испанию не приняли.",
        "Германия граничит с Испанией.",
        "Germany discussed it with Spain.",
    ):
        assert not list(FALSEHOODS["roles"](truth(text)))


@pytest.mark.parametrize(
    ("claim", "quote", "changed"),
    [
        ("Завод выпустил 45 станков.", "45 станков, а годом раньше 54.", "Завод выпустил 54 станков."),
        ("Завод выпустил 45 станков.", "45 станков, а потом пять тысяч.", "Завод выпустил 5 станков."),
        ("It was in May 2007.", "В мае, а раньше в июне.", "It was in June 2007."),
        ("It was on 5 May.", "Принят 06.05.2007.", "It was on 6 May."),
        ("Экспорт вырос.", "Экспорт вырос, импорт снизился.", "Экспорт снизился."),
        ("He grew up in China.", "Он вырос в Китае и Казахстане.", "He grew up in Kazakhstan."),
        ("Он встретил Иванова.", "Иванов и Кузнецов.", "Он встретил Кузнецова."),
    ],
)
def test_what_the_quotes_say_too_may_still_be_true(claim: str, quote: str, changed: str) -> None:
    assert still_true(truth(claim, quote), changed)
    assert not still_true(truth(claim, "Пусто."), changed)
    assert changed not in {mutation.text for mutation in mutate([truth(claim, quote)])}


def test_the_same_truths_are_mutated_in_the_same_way_and_once_a_kind() -> None:
    told = truth("Завод закрыли 5 ноября 2025 года.", "5 ноября 2025 года завод закрыли.")
    made = mutate([told])
    assert made == mutate([told, told])
    assert len({(mutation.kind, mutation.false) for mutation in made}) == len(made)
    assert {mutation.kind for mutation in made if mutation.false} >= {"dates: day", "dates: month", "negation: added"}


def accepting(claim: Claim, evidence: Evidence, text_of: TextOf) -> Claim:
    return claim


def rejecting(claim: Claim, evidence: Evidence, text_of: TextOf) -> Claim:
    return Claim(claim.text, claim.citations, "unsupported")


def doubting(claim: Claim, evidence: Evidence, text_of: TextOf) -> Claim:
    return Claim(claim.text, claim.citations, "partial")


def test_a_verifier_that_accepts_or_rejects_everything_is_measured_as_such() -> None:
    made = mutate([truth("Завод закрыли 5 ноября 2025 года."), truth("The factory was closed on 5 May.")])
    false = sum(mutation.false for mutation in made)
    for verifier, rejected, flagged in ((accepting, 0, 0), (rejecting, 1, 1), (doubting, 0, 1)):
        table = tabulate(judge(made, verifier))
        assert {share.rejected.value for share in table.shares} == {rejected}
        assert {share.flagged.value for share in table.shares} == {flagged}
        total = {(share.false, share.direction): share.rejected.n for share in table.shares if share.kind == "all"}
        assert total[True, "all"] == false
        assert total[False, "all"] == len(made) - false
        assert total[True, "ru→ru"] + total[True, "en→ru"] == false
        whole = table.verdicts[-1]
        assert whole.recall.value == rejected
        assert whole.precision.value == (pytest.approx(false / len(made)) if rejected else None)
    dates = {share.kind: share.rejected.n for share in table.shares if share.false and share.direction == "all"}
    assert dates["dates: all"] == dates["dates: day"] + dates["dates: month"] + dates["dates: year"]


def test_references_are_claims_and_proofs_where_there_are_none(gold: dict[str, GoldItem]) -> None:
    documents: dict[str, Document] = {path.name: load(path, path.name) for path in ARTICLES.glob("*.txt")}
    truths = of_gold(list(gold.values()), documents)
    assert any(told.verbatim for told in truths)
    for told in truths:
        assert told.evidence.sentences
        assert not told.verbatim or told.text == " ".join(told.quotes.split())
    referring = [told for told in truths if not told.verbatim]
    assert {told.direction for told in referring} == {"ru→ru", "en→ru"}
    assert all(told.twin for told in referring)


def test_a_fragment_of_the_news_is_proof_with_its_whole_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "news-qa"
    folder.mkdir()
    article = folder / "7.txt"
    article.write_text("Завод закрыли\n\nЗавод в Перми закрыли зимой. Весной он открылся снова.\n", "utf-8")
    with tarfile.open(folder / "articles.tar.gz", "w:gz") as tar:
        tar.add(article, "7.txt")
    item = {"article": "7", "evidence": ["закрыли зимой"], "full_ru": "Да, зимой.", "full_en": "Yes, in winter."}
    (folder / "dev.jsonl").write_text(json.dumps(item), "utf-8")
    russian, english = of_news(tmp_path, "dev")
    assert (russian.text, russian.twin, english.text) == ("Зимой.", "In winter.", "In winter.")
    assert russian.quotes == "Завод в Перми закрыли зимой."
    assert russian.measured
    with pytest.raises(BenchmarkError, match=r"train\.jsonl is missing: name the folder"):
        of_news(tmp_path, "train")


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "no" / "table.json"
    with pytest.raises(SystemExit, match="2"):
        main(["eval", "mutations", "--home", str(tmp_path), "--json", str(missing)])
    assert capsys.readouterr().err.rstrip().endswith("does not exist: choose another --json")
    with pytest.raises(SystemExit, match="2"):
        main(["eval", "mutations", "--home", str(tmp_path)])
    assert capsys.readouterr().err.rstrip().endswith("run: istok index")


def test_the_verifier_in_use_tells_an_obvious_falsehood() -> None:
    told = truth("Завод выпустил 45 станков.", "За год завод выпустил 45 станков.")
    judged = {one.mutation.kind: one for one in judge(mutate([told]), verify)}
    assert judged["figures: digits"].rejected
    assert not judged["unchanged"].flagged


def test_where_citations_end_up_is_measured() -> None:
    said = "Завод выпустил 45 станков за год."
    text = f"Он стоит у реки с 1962 года. {said} Зимой его закроют на ремонт. Директор Иван Сомов обещал премии."
    start = text.index(said)
    proof = Sentence(1, "a.txt", "title", None, "ru", start, start + len(said), said, 1.0)
    told = Truth(
        "a", "За год завод выпустил 45 станков.", "ru", "", Evidence((proof,)), False, documents={"a.txt": text}
    )
    for attribute, right, mended, misplaced in (
        (accepting, 0.25, 0, 1),
        (rejecting, None, 0, 0),
        (attributed, 1, 1, 0),
    ):
        of_all = measure([told, told], attribute)[-1]
        assert (of_all.direction, of_all.right.value, of_all.mended.n) == ("all", right, 2)
        assert (of_all.mended.value, of_all.misplaced.value) == (mended, misplaced)
        assert of_all.proved.value == (None if right is None else 1)
