"""Strings of the documents and how they are added, in Russian and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from istok.index.load import MAX_BYTES
from istok.ui.texts.counted import few, plural

if TYPE_CHECKING:
    from istok.ui.html.library import Order
    from istok.ui.upload import Reason

_LIMIT: Final = MAX_BYTES // 10**6  # MB


@dataclass(frozen=True, slots=True)
class DocumentsTexts:
    """Of the documents and how they are added; callables take counts or titles."""

    tab: Callable[[int], str]
    list: str
    empty: str
    # Finding one
    filter: str
    nothing: str
    order: str
    orders: Mapping[Order, str]
    passages: Callable[[int], str]
    pages: str
    shown: Callable[[int, int, int], str]
    before: str
    after: str
    reading: Callable[[int], str]
    # The scope of the question
    search_in: Callable[[str], str]
    searched: Callable[[int, int], str]
    searched_none: str
    choose_all: str
    choose_none: str
    choose_found: Callable[[int], str]
    # Removing
    remove: str
    remove_this: Callable[[str], str]
    remove_upload: str
    remove_original: str
    keep: str
    gone: str
    not_deleted: str
    # Adding
    add_files: str
    add_folder: str
    hint: str
    drop: str
    uploads: str
    receiving: str
    waiting: str
    indexing: str
    encoding: Callable[[int, int], str]
    outcomes: Mapping[str, str]
    refused: str
    refusals: Mapping[Reason, str]
    skipped: str
    progress: str
    clear: str


RUSSIAN: Final = DocumentsTexts(
    tab=lambda count: f"Документы ({count})",
    list="Документы",
    empty="Документов пока нет. Перетащите сюда файлы или папку, нажмите «Добавить файлы» "
    "или выполните в терминале: istok index ПАПКА",
    filter="Название, дата или имя файла",
    nothing="Таких документов нет: измените слова поиска.",
    order="Порядок",
    orders={"date": "сначала новые", "title": "по названию", "added": "недавно добавленные"},
    passages=lambda count: few(count, "фрагмент", "фрагмента", "фрагментов"),
    pages="Страницы списка",
    shown=lambda first, last, count: f"{first}–{last} из {count}",
    before="Предыдущие документы",
    after="Следующие документы",
    reading=lambda left: (
        "Новое уже находится по словам; по смыслу осталось прочесть "
        f"{few(left, 'фрагмент', 'фрагмента', 'фрагментов')}."
    ),
    search_in=lambda title: f"Искать ответ в документе «{title}»",
    searched=lambda count, all_: (
        "Ответ ищется во всех документах" if count == all_ else f"Ответ ищется в {count} из {all_}"
    ),
    searched_none="Не выбран ни один документ: искать ответ негде.",
    choose_all="Все",
    choose_none="Ни одного",
    choose_found=lambda count: f"Только найденные ({count})",
    remove="Убрать",
    remove_this=lambda title: f"Убрать документ «{title}»",
    remove_upload="Убрать документ и удалить его копию из папки Истока?",
    remove_original="Убрать документ из индекса? Сам файл останется на своём месте.",
    keep="Оставить",
    gone="Этого документа уже нет.",
    not_deleted="Документ убран из индекса, но удалить его файл не удалось: проверьте права на папку Истока.",
    add_files="Добавить файлы",
    add_folder="Добавить папку",
    hint=f"TXT, MD, HTML, PDF, DOCX до {_LIMIT} МБ. Копии хранятся в папке Истока на этом компьютере.",
    drop="Отпустите, чтобы добавить",
    uploads="Добавляемые файлы",
    receiving="получаю…",
    waiting="в очереди",
    indexing="читаю…",
    encoding=lambda done, all_: f"добавлен и находится по словам; прочитано по смыслу: {done} из {all_}",
    outcomes={
        "added": "добавлен",
        "changed": "обновлён: заменил прежний файл с этим именем",
        "unchanged": "уже был добавлен, ничего не изменилось",
    },
    refused="не добавлен:",
    refusals={
        "type": "такие файлы не читаются; подойдут TXT, MD, HTML, PDF, DOCX",
        "empty": "в файле нет текста",
        "scanned": "в PDF только изображения; распознайте текст (например, ocrmypdf)",
        "large": f"больше {_LIMIT} МБ; разделите файл на части",
        "encrypted": "файл защищён паролем или старого формата .doc; сохраните копию без пароля в новом формате",
        "damaged": "файл повреждён; сохраните или скачайте его заново",
        "charset": "это не текст или неизвестная кодировка; сохраните как текст в UTF-8",
        "unreadable": "файл не читается; проверьте права доступа",
        "name": "такое имя не подходит; переименуйте файл",
        "full": "на диске нет места; освободите его и добавьте файл снова",
        "taken": "такое имя здесь занято или не подходит; переименуйте файл",
        "lost": "связь прервалась или на диске нет места; добавьте файл снова",
        "index": "индекс сейчас не принимает документы; причина написана в терминале, проверьте: istok doctor",
    },
    skipped="Пропущено файлов других типов: {count}",
    progress="Готово {done} из {all}",
    clear="Убрать из вида",
)


ENGLISH: Final = DocumentsTexts(
    tab=lambda count: f"Documents ({count})",
    list="Documents",
    empty="There are no documents yet. Drop files or a folder here, press “Add files”, "
    "or run in a terminal: istok index FOLDER",
    filter="Title, date or file name",
    nothing="There are no such documents: try other words.",
    order="Order",
    orders={"date": "newest first", "title": "by title", "added": "recently added"},
    passages=lambda count: plural(count, "passage"),
    pages="Pages of the list",
    shown=lambda first, last, count: f"{first}–{last} of {count}",
    before="Previous documents",
    after="Next documents",
    reading=lambda left: (
        f"What is new is found by its words already; {plural(left, 'passage')} left to read for the meaning."
    ),
    search_in=lambda title: f"Search “{title}” for answers",
    searched=lambda count, all_: (
        "Answers come from all documents" if count == all_ else f"Answers come from {count} of {all_}"
    ),
    searched_none="No document is chosen: there is nothing to search for an answer.",
    choose_all="All",
    choose_none="None",
    choose_found=lambda count: f"Only those found ({count})",
    remove="Remove",
    remove_this=lambda title: f"Remove the document “{title}”",
    remove_upload="Remove the document, and delete its copy in Istok's folder?",
    remove_original="Remove the document from the index? The file itself stays where it is.",
    keep="Keep",
    gone="This document is no longer there.",
    not_deleted="The document is no longer indexed, but its file could not be deleted: "
    "check the permissions of Istok's folder.",
    add_files="Add files",
    add_folder="Add a folder",
    hint=f"TXT, MD, HTML, PDF, DOCX up to {_LIMIT} MB. Copies are kept in Istok's folder on this computer.",
    drop="Drop to add",
    uploads="Files being added",
    receiving="receiving…",
    waiting="waiting",
    indexing="reading…",
    encoding=lambda done, all_: f"added and found by its words; read for the meaning: {done} of {all_}",
    outcomes={
        "added": "added",
        "changed": "updated: took the place of the former file of this name",
        "unchanged": "was there already, nothing has changed",
    },
    refused="not added:",
    refusals={
        "type": "such files can't be read; TXT, MD, HTML, PDF and DOCX can",
        "empty": "there is no text in it",
        "scanned": "the PDF holds only pictures; run OCR on it (ocrmypdf, for one)",
        "large": f"larger than {_LIMIT} MB; split it into parts",
        "encrypted": "it has a password or is in the old .doc format; save a copy without one in the new format",
        "damaged": "the file is damaged; save or download it again",
        "charset": "this is no text, or its encoding is unknown; save it as UTF-8 text",
        "unreadable": "it can't be read; check its permissions",
        "name": "its name can't be used; rename it",
        "full": "no space is left on the disk; free some and add the file again",
        "taken": "its name is taken here or can't be used; rename it",
        "lost": "the connection broke or the disk is full; add the file again",
        "index": "the index takes no documents now; the terminal says why, see: istok doctor",
    },
    skipped="Files of other types left out: {count}",
    progress="{done} of {all} done",
    clear="Clear",
)
