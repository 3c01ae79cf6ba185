"""Dialogues in both languages: what the follow-up must ask in full, and what it must leave behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from istok.index.terms import terms
from istok.index.types import Language
from istok.rag.conversation.followup import faithful, spoken_in, standalone
from istok.rag.types import Turn

EXPORT = "На сколько вырос экспорт в Узбекистан в 2023 году?"
LONG = (
    "**Леонид Рыжковский** — «С белорусской стороны подпись под документом поставил заместитель министра "
    "промышленности "
    "Леонид Рыжковский.» [1]"
)
DELEGATION = (
    "26-27 ноября в Ульяновске работает делегация Минской области, в которую включили в том числе представителей 12 "
    "белорусских промышленных предприятий. [1]\nВ программе визита — посещение ульяновских заводов и круглый "
    "стол. [2]"
)
QUOTED = (
    "«По итогам 2023 года сохранена положительная динамика сотрудничества с Республикой Узбекистан в "
    "промышленной сфере: "
    "товарооборот предприятий Минпрома с Узбекистаном увеличился на треть по сравнению с 2022 годом, в том числе "
    "экспорт "
    "возрос почти на 45%.» [1]"
)
MEETING = (
    "Об этом заявил Премьер-министр Беларуси Роман Головченко во время встречи с Премьер-министром Казахстана "
    "Олжасом "
    "Бектеновым в широком формате, которая прошла сегодня, 14 ноября, в Доме Правительства. [1]"
)
ABSTAINED = "В ваших документах ответа на это нет. Искали: «…». Ближайшее из найденного (это не ответ): Амкодор [1]."


@dataclass(frozen=True)
class Dialogue:
    """Turns and a follow-up; `has` and `lacks` are words in any form, `same` is a question left alone."""

    turns: Sequence[tuple[str, str]]
    question: str
    has: str = ""
    lacks: str = ""
    same: bool = False


def whole(dialogue: Dialogue) -> str:
    return standalone(dialogue.question, [Turn(*turn) for turn in dialogue.turns])


def after(before: str, question: str, answer: str = "") -> str:
    return standalone(question, [Turn(before, answer)])


def check(dialogue: Dialogue) -> None:
    asked = whole(dialogue)
    if dialogue.same:
        assert asked == dialogue.question
        return
    said = set(terms(asked))
    assert [word for word in terms(dialogue.has) if word not in said] == [], asked
    assert [word for word in terms(dialogue.lacks) if word in said] == [], asked


WHO_SIGNED = ("Кто подписал «Дорожную карту» с Казахстаном от Беларуси?", LONG)
IN_MINSK = ("Сколько машин собрал МТЗ в Минске в 2021 году?", "Около 30 тысяч машин. [1]")

RUSSIAN = {
    "an adjective without its noun": Dialogue(
        [("Кто губернатор Смоленской области?", "Василий Анохин [1]")],
        "А Ульяновской?",
        "губернатор Ульяновской области",
        "Смоленской",
    ),
    "an adjective in another case": Dialogue(
        [("Кто подписал документ с белорусской стороны?", LONG)],
        "А с казахстанской?",
        "подписал документ казахстанской стороны",
        "белорусской",
    ),
    "what goes on from an answer that contests the question": Dialogue(
        [("Почему вырос завод?", "В документах сказано «упал», а не «вырос».\nМинский завод упал из-за ветра. [1]")],
        "Где он находится?",
        "находится завод",
        "документах",
    ),
    "a bare before": Dialogue(
        [("Кто премьер Беларуси?", "**Александром Турчиным** — «Он встретился с ним.» [1]")],
        "А прежде?",
        "премьер Беларуси прежде",
    ),
    "a bare year": Dialogue([IN_MINSK], "А 2022?", "машин МТЗ Минск 2022", "2021"),
    "a month of the same year": Dialogue(
        [("Сколько туристов приехало в Гродно в мае 2019 года?", "12 тысяч. [1]")],
        "А в июне?",
        "июне 2019 туристов Гродно",
        "мае",
    ),
    "a country after a quote": Dialogue(
        [("Кто подписал соглашение с Казахстаном?", LONG)],
        "А с Узбекистаном?",
        "подписал соглашение Узбекистаном",
        "Казахстаном",
    ),
    "a country without its preposition": Dialogue(
        [("Сколько стоил экспорт в Польшу?", "5 млн. [1]")], "А Литва?", "экспорт Литву", "Польшу"
    ),
    "a company for a company": Dialogue(
        [("Где находится завод БЕЛАЗ?", "В Жодино. [1]")], "А МАЗ?", "находится МАЗ", "БЕЛАЗ"
    ),
    "a person for a person": Dialogue(
        [("Когда родился Бенедикт Камбербатч?", "В 1976 году. [1]")],
        "А Мартин Фриман?",
        "родился Мартин Фриман",
        "Камбербатч",
    ),
    "what about, with a person": Dialogue(
        [("Какой срок получил Кокорин?", "Полтора года. [1]")],
        "А что насчёт Мамаева?",
        "срок получил Мамаев",
        "Кокорин",
    ),
    "a thing for a thing": Dialogue(
        [("Сколько тракторов выпустил завод в Минске?", "30 тысяч. [1]")],
        "А автобусов?",
        "автобусов выпустил Минске",
        "тракторов",
    ),
    "a bare why": Dialogue([(EXPORT, "Почти на 45%. [1]")], "Почему?", "почему вырос экспорт Узбекистан 2023"),
    "a bare when about what happened": Dialogue(
        [("Где прошёл форум регионов Беларуси и Узбекистана?", "В Ташкенте. [1]")],
        "А когда это было?",
        "когда форум регионов Узбекистана",
    ),
    "a question word with its noun": Dialogue(
        [("С кем встретился Антон Алиханов в октябре?", "С премьер-министром Беларуси Александром Турчиным. [1]")],
        "В какой стране?",
        "стране встретился Алиханов октябре",
    ),
    "he, of an answer": Dialogue(
        [("Кто назначен губернатором Московской области?", "Андрей Воробьёв. [1]")],
        "Кем он был раньше?",
        "Андрей Воробьёв был",
        "он",
    ),
    "he, in a quoted answer": Dialogue([WHO_SIGNED], "Какой пост он занимает?", "Рыжковский пост занимает", "он"),
    "it, not the one who signed it": Dialogue(
        [WHO_SIGNED], "А в каком городе её подписали?", "дорожную карту городе", "её"
    ),
    "she, a woman rather than a company": Dialogue(
        [("Кто возглавляет компанию «Ромашка»?", "Компанию возглавляет Анна Петрова. [1]")],
        "Когда она родилась?",
        "Анна Петрова родилась",
        "она",
    ),
    "a possessive": Dialogue(
        [("Какая компания локализует производство в Узбекистане?", "Компания «Энергокомплект». [1]")],
        "Кто её директор?",
        "директор Энергокомплект",
        "её",
    ),
    "a plural": Dialogue(
        [("Какие заводы показали делегации в Ульяновске?", "Автодом и Халтек. [1]")],
        "Что они выпускают?",
        "Автодом Халтек выпускают",
        "они",
    ),
    "there": Dialogue(
        [("Где прошла встреча премьер-министров?", "Встреча прошла в Астане. [1]")],
        "Какая погода там была?",
        "погода Астане",
        "там",
    ),
    "where he went, from a preposition": Dialogue(
        [("В каком городе находится Ульяновский автозавод?", "В Ульяновске. [1]")],
        "Сколько жителей в нём?",
        "жителей Ульяновске",
    ),
    "this company": Dialogue(
        [("Кто выпускает погрузчики?", "ОАО «Амкодор». [1]")], "Где находится эта компания?", "Амкодор находится", "эта"
    ),
    "a document by another word": Dialogue(
        [WHO_SIGNED], "На какой срок рассчитан этот документ?", "срок рассчитана дорожная карта", "этот"
    ),
    "that same year": Dialogue(
        [("Кто стал чемпионом мира в 2018 году?", "Франция. [1]")],
        "А кто выиграл Лигу чемпионов в том же году?",
        "выиграл Лигу чемпионов 2018",
    ),
    "the names of the question before go on holding": Dialogue(
        [("Сколько предприятий в Гомельской области?", "1200. [1]")],
        "А сколько человек на них работает?",
        "человек работает Гомельской",
    ),
    "three turns of years": Dialogue(
        [(EXPORT, "На 45%. [1]"), ("А в 2022?", "На 10%. [1]"), ("А в Казахстан?", "На 5%. [1]")],
        "А в 2021 году?",
        "экспорт Казахстан 2021",
        "Узбекистан 2022 2023",
    ),
    "three turns from a country to a person": Dialogue(
        [
            ("Кто премьер-министр Казахстана?", "Олжас Бектенов. [1]"),
            ("А Беларуси?", "Александр Турчин. [1]"),
        ],
        "С кем он встретился в октябре?",
        "премьер-министр Беларуси Александр Турчин встретился октябре",
        "Казахстана Бектенов",
    ),
    "four turns about one document": Dialogue(
        [
            ("На какие годы рассчитана «Дорожная карта» с Казахстаном?", "На 2026–2028 годы. [1]"),
            ("Где её подписали?", "В Астане. [1]"),
            ("Когда?", "5 ноября 2025 года. [1]"),
        ],
        "А кто её подписал?",
        "дорожную карту Казахстаном подписал",
        "Астане",
    ),
    "a delegation in a long answer": Dialogue(
        [("Кто приехал в Ульяновск в ноябре?", DELEGATION)],
        "Сколько предприятий она представляет?",
        "делегация Минской области",
        "она",
    ),
    "a new subject with its own names": Dialogue([WHO_SIGNED], "А кто губернатор Брестской области?", same=True),
    "a new subject without a lead": Dialogue([WHO_SIGNED], "Сколько жителей в Москве?", same=True),
    "a new subject without a name": Dialogue([WHO_SIGNED], "Как сварить борщ на четверых?", same=True),
    "a pronoun that points inside": Dialogue(
        [WHO_SIGNED], "Когда Турчин прилетел в Москву и с кем он там встретился?", same=True
    ),
    "a possessive that points inside": Dialogue(
        [WHO_SIGNED], "Сколько МАЗ платит своим рабочим и их семьям?", same=True
    ),
    "after a new subject, only that one": Dialogue(
        [WHO_SIGNED, ("Кто губернатор Смоленской области?", "Василий Анохин. [1]")],
        "Когда он родился?",
        "Василий Анохин родился",
        "Рыжковский карта",
    ),
    "an abstention speaks of nothing": Dialogue(
        [("Кто директор завода в Жодино?", ABSTAINED)], "А кто там министр?", "министр Жодино", "Амкодор"
    ),
    "now instead of a year": Dialogue(
        [("Кто был премьер-министром Беларуси в 2020 году?", "Роман Головченко. [1]")],
        "А сейчас?",
        "сейчас премьер-министром Беларуси",
        "2020",
    ),
    "a quote names two: the one who was asked for": Dialogue(
        [("Кто заявил о взаимодействии с Казахстаном?", MEETING)], "Какой пост он занимал?", "Головченко пост занимал"
    ),
    "say more": Dialogue([WHO_SIGNED], "А подробнее?", "подписал дорожную карту Казахстаном"),
    "thanks before the question": Dialogue(
        [(EXPORT, "На 45%. [1]")], "Спасибо. А в Казахстан?", "вырос экспорт Казахстан 2023", "Узбекистан спасибо"
    ),
    "another ministry": Dialogue(
        [("Кто представлял Министерство промышленности на форуме?", "Александр Рогожник. [1]")],
        "А Министерство экономики?",
        "представлял Министерство экономики форуме",
        "промышленности",
    ),
    "a period, of a long quote": Dialogue(
        [("Насколько увеличился товарооборот Минпрома с Узбекистаном?", QUOTED)],
        "За какой период?",
        "период товарооборот Минпрома Узбекистаном",
    ),
    "a number of the same people": Dialogue(
        [("Сколько человек погибло при крушении парома у берегов Туниса?", "Около 300 человек. [1]")],
        "А сколько спаслось?",
        "спаслось крушении парома Туниса",
    ),
    "a question word before a new noun": Dialogue(
        [("Кто получил премию за лучшую режиссуру?", "Сэм Мендес. [1]")],
        "За какой фильм?",
        "фильм Сэм Мендес получил премию режиссуру",
    ),
    "he, of the question rather than of the post it asks for": Dialogue(
        [("Какой пост получил Владимир Кулишов?", "Руководитель Пограничной службы ФСБ. [1]")],
        "Где он учился?",
        "Кулишов учился",
        "он",
    ),
    "another verb": Dialogue(
        [
            ("Какой пост получил Владимир Кулишов?", "Руководитель Пограничной службы ФСБ. [1]"),
            ("Где он учился?", "В Киевском институте. [1]"),
        ],
        "А работал?",
        "Кулишов работал",
    ),
    "how many of the others": Dialogue(
        [("Сколько голосов набрал план отмены закона о здравоохранении?", "43 голоса. [1]")],
        "А сколько было против?",
        "против план отмены закона здравоохранении",
    ),
    "another medal": Dialogue(
        [("Кто выиграл золото в фехтовании на рапирах в Рио?", "Даниэле Гароццо. [1]")],
        "А серебро?",
        "выиграл серебро фехтовании Рио",
        "золото",
    ),
    "he, of the second medal": Dialogue(
        [
            ("Кто выиграл золото в фехтовании на рапирах в Рио?", "Даниэле Гароццо. [1]"),
            ("А серебро?", "Александр Массиалас. [1]"),
        ],
        "Из какой он страны?",
        "страны Массиалас",
        "он Гароццо",
    ),
    "it, a monument": Dialogue(
        [("Где был демонтирован последний памятник Ленину на Украине?", "В Новгороде-Северском. [1]")],
        "Куда его отправили?",
        "отправили памятник Ленину",
        "его",
    ),
    "it, after two turns": Dialogue(
        [
            ("Где был демонтирован последний памятник Ленину на Украине?", "В Новгороде-Северском. [1]"),
            ("Когда?", "24 октября 2016 года. [1]"),
        ],
        "Куда его отправили?",
        "памятник Ленину отправили",
        "его",
    ),
    "he, with his office": Dialogue(
        [("Кто погиб в ДТП в Нижегородской области?", "Вице-губернатор Ульяновской области Николай Доронин. [1]")],
        "Куда он ехал?",
        "Николай Доронин ехал",
        "он",
    ),
    "he, in the dative": Dialogue(
        [("Кто погиб в ДТП в Нижегородской области?", "Вице-губернатор Ульяновской области Николай Доронин. [1]")],
        "Сколько ему было лет?",
        "Доронину было",
        "ему",
    ),
    "he, of a question about a company's head": Dialogue(
        [("Когда умер гендиректор «Металлоинвеста»?", "27 апреля 2020 года. [1]")],
        "От чего он умер?",
        "умер гендиректор Металлоинвеста",
        "он",
    ),
    "she, a document that the answer names": Dialogue(
        [
            (
                "Как называется документ, который подписал Путин 11 мая 2017 года?",
                "«Стратегия развития информационного общества». [1]",
            )
        ],
        "На какие годы она рассчитана?",
        "Стратегия развития информационного общества рассчитана",
        "она",
    ),
    "his, of a family": Dialogue(
        [("Кто у Бориса Джонсона родился в апреле 2020 года?", "Сын. [1]")], "Кто его мать?", "мать сына", "его"
    ),
    "she, in the instrumental": Dialogue(
        [("Почему московскую лабораторию лишили аккредитации?", "Из-за несоответствия стандартам. [1]")],
        "Кто ею руководил?",
        "руководил московской лабораторией",
        "ею",
    ),
    "another number of the same company": Dialogue(
        [("Сколько машин в год выпускает БЕЛАЗ?", "1000 машин. [1]")],
        "А сотрудников на заводе сколько?",
        "сотрудников БЕЛАЗ",
    ),
    "her, a document of two countries": Dialogue(
        [("Какова цель дорожной карты Беларуси и Казахстана?", "Расширение торговли. [1]")],
        "Кто её разработал?",
        "разработал дорожную карту Беларуси Казахстана",
        "её",
    ),
    "before him": Dialogue(
        [("Кто сейчас министр промышленности Беларуси?", "Андрей Кузнецов. [1]")],
        "А до него?",
        "министр промышленности Беларуси",
    ),
    "another country, by its preposition": Dialogue(
        [("Какие предприятия участвуют в проекте по тракторам в Узбекистане?", "ООО «PLANETA SERVIS». [1]")],
        "И в Казахстане?",
        "предприятия участвуют проекте тракторам Казахстане",
        "Узбекистане",
    ),
    "a minister after the price of a ticket": Dialogue(
        [("Сколько стоит проезд в метро Минска?", "85 копеек. [1]")], "Кто министр обороны Германии?", same=True
    ),
    "another means of transport": Dialogue(
        [("Сколько стоит проезд в метро Минска?", "85 копеек. [1]")], "А в автобусе?", "проезд автобусе", "метро"
    ),
    "he, a surname alone": Dialogue(
        [("Кто из министров был на встрече с Токаевым?", "Рогожник. [1]")],
        "О чём он говорил?",
        "Рогожник говорил",
        "он",
    ),
    "this, what the answer names": Dialogue(
        [("Что построят в Смоленске в 2026 году?", "Новый завод электробусов. [1]")],
        "Сколько это будет стоить?",
        "стоить завод электробусов",
    ),
    "it, what the answer names": Dialogue(
        [("Что построят в Смоленске в 2026 году?", "Новый завод электробусов. [1]")],
        "И кто его построит?",
        "завод электробусов построит",
        "его",
    ),
}

SIGNED = ("Who signed the roadmap with Kazakhstan for Belarus?", LONG)

ENGLISH = {
    "before somebody": Dialogue(
        [("Who is the prime minister of Belarus?", "**Aleksandr Turchin** — in Russian: «Турчин.» [1]")],
        "And before him?",
        "prime minister Belarus before Turchin",
    ),
    "a bare before": Dialogue(
        [("Who is the prime minister of Belarus?", "Turchin [1]")], "And before?", "prime minister Belarus before"
    ),
    "what goes on from a quote in the other language": Dialogue(
        [("What was opened in Minsk?", "In Russian: «Открыт новый завод.» [1]")],
        "Who owns it?",
        "who owns",
        "Russian",
    ),
    "a bare year": Dialogue(
        [("How many tractors did MTZ make in 2021?", "About 30,000. [1]")], "2022?", "tractors MTZ 2022", "2021"
    ),
    "a month of the same year": Dialogue(
        [("How many tourists came to Grodno in May 2019?", "12,000. [1]")],
        "And in June?",
        "June 2019 tourists Grodno",
        "May",
    ),
    "what about a country": Dialogue(
        [("Who signed the agreement with Kazakhstan?", "Leonid Ryzhkovsky. [1]")],
        "What about Uzbekistan?",
        "signed agreement Uzbekistan",
        "Kazakhstan",
    ),
    "how about a person": Dialogue(
        [("When was Benedict Cumberbatch born?", "In 1976. [1]")],
        "How about Martin Freeman?",
        "born Martin Freeman",
        "Cumberbatch",
    ),
    "a company for a company": Dialogue(
        [("Where is the BELAZ plant located?", "In Zhodino. [1]")], "And MAZ?", "MAZ located", "BELAZ"
    ),
    "a bare why": Dialogue(
        [("By how much did Belarusian exports to Uzbekistan grow in 2023?", "By almost 45%. [1]")],
        "Why?",
        "exports Uzbekistan grow 2023",
        "much",
    ),
    "a bare when of a signing": Dialogue([SIGNED], "When?", "when signed roadmap Kazakhstan"),
    "a bare where after a number": Dialogue(
        [("How many special vehicles did MAZ make in 2020?", "200. [1]")],
        "Where?",
        "where special vehicles MAZ make 2020",
    ),
    "he, of an answer": Dialogue(
        [("Who became governor of Moscow Region?", "Andrei Vorobyov. [1]")],
        "What was he before?",
        "Andrei Vorobyov",
        "he",
    ),
    "she, of an answer": Dialogue(
        [("Who heads the Berlin opera?", "Kirsten Harms heads it. [1]")],
        "Why did she cancel the performance?",
        "Kirsten Harms cancel performance",
        "she",
    ),
    "it, a company of the answer": Dialogue(
        [("Which company makes loaders?", "Amkodor, of Minsk. [1]")], "Who heads it?", "heads Amkodor", "it"
    ),
    "its": Dialogue(
        [("Which company is ready to make fire engines?", "The company Pozhsnab. [1]")],
        "Where are its headquarters?",
        "headquarters Pozhsnab",
        "its",
    ),
    "they, two companies": Dialogue(
        [("Which companies make generators in Uzbekistan?", "Minsk Motor Plant and Planeta Servis. [1]")],
        "Since when have they worked together?",
        "Minsk Motor Plant Planeta Servis worked",
        "they",
    ),
    "there": Dialogue(
        [("Where did the prime ministers meet?", "In Astana. [1]")], "What was signed there?", "signed Astana", "there"
    ),
    "the company": Dialogue(
        [("Who makes the loaders?", "Amkodor makes them. [1]")],
        "Who is the director of the company?",
        "director Amkodor",
    ),
    "that year": Dialogue(
        [("Who won the World Cup in 2018?", "France. [1]")],
        "Who won the Champions League in that year?",
        "Champions League 2018",
    ),
    "this document": Dialogue([SIGNED], "What does this document provide for?", "roadmap Kazakhstan provide", "this"),
    "a chain of three": Dialogue(
        [
            ("Who is prime minister of Kazakhstan?", "Olzhas Bektenov. [1]"),
            ("And of Belarus?", "Alexander Turchin. [1]"),
        ],
        "Whom did he meet in October?",
        "Alexander Turchin prime minister Belarus meet October",
        "Kazakhstan Bektenov",
    ),
    "a chain of four": Dialogue(
        [
            ("What trade did Belarus and Kazakhstan have in 2023?", "A billion dollars. [1]"),
            ("And in 2024?", "Two billion dollars. [1]"),
            ("Why?", "Because of machinery. [1]"),
        ],
        "And in 2022?",
        "trade Belarus Kazakhstan 2022",
        "2023 2024",
    ),
    "a new subject with its own names": Dialogue([SIGNED], "And who is the governor of Brest Region?", same=True),
    "a new subject without a name": Dialogue([SIGNED], "How do you cook borscht for four?", same=True),
    "a pronoun that points inside": Dialogue(
        [SIGNED], "When did Turchin fly to Moscow and whom did he meet there?", same=True
    ),
    "an it that stands for nothing": Dialogue(
        [SIGNED], "How long does it take to fly from Minsk to Astana?", same=True
    ),
    "now instead of a year": Dialogue(
        [("Who was prime minister of Belarus in 2020?", "Roman Golovchenko. [1]")],
        "And now?",
        "now prime minister Belarus",
        "2020",
    ),
    "thanks before the question": Dialogue(
        [("How many people live in Brest?", "340,000. [1]")],
        "Thanks! And in Grodno?",
        "people live Grodno",
        "Brest thanks",
    ),
    "a last name alone in the answer": Dialogue(
        [("Who is the industry minister?", "Rogozhnik. [1]")], "When was he appointed?", "Rogozhnik appointed", "he"
    ),
    "a number of the same people": Dialogue(
        [("How many people died in the shipwreck off Tunisia?", "About 300. [1]")],
        "How many survived?",
        "survived shipwreck Tunisia",
    ),
    "another medal": Dialogue(
        [("Who won the gold in foil fencing in Rio?", "Daniele Garozzo. [1]")],
        "And the silver?",
        "won silver foil fencing Rio",
        "gold",
    ),
    "he, of the second medal": Dialogue(
        [
            ("Who won the gold in foil fencing in Rio?", "Daniele Garozzo. [1]"),
            ("And the silver?", "Alexander Massialas. [1]"),
        ],
        "What country is he from?",
        "country Massialas",
        "he Garozzo",
    ),
    "it, a monument": Dialogue(
        [("Where was the last Lenin monument in Ukraine taken down?", "In Novgorod-Seversky. [1]")],
        "Where was it sent?",
        "Lenin monument sent",
        "it",
    ),
    "he, with his office": Dialogue(
        [("Who died in the road accident in Nizhny Novgorod Region?", "Vice-Governor Nikolai Doronin. [1]")],
        "How old was he?",
        "old Nikolai Doronin",
        "he",
    ),
    "he, of a question about a company's head": Dialogue(
        [("When did the head of Metalloinvest die?", "On 27 April 2020. [1]")],
        "What did he die of?",
        "head Metalloinvest die",
        "he",
    ),
    "it, a document that the answer names": Dialogue(
        [("Which document did Putin sign on 11 May 2017?", "The information society strategy. [1]")],
        "What years does it cover?",
        "years information society strategy cover",
        "it",
    ),
    "it, a laboratory": Dialogue(
        [("Why did the Moscow laboratory lose its accreditation?", "It did not meet the standards. [1]")],
        "Who headed it?",
        "headed Moscow laboratory",
        "it",
    ),
    "who it was in another year": Dialogue(
        [("Who is the industry minister of Belarus now?", "Andrei Kuznetsov. [1]")],
        "Who was it in 2024?",
        "industry minister Belarus 2024",
    ),
    "another city": Dialogue(
        [("How much does a metro ticket cost in Minsk?", "85 kopecks. [1]")],
        "And in Gomel?",
        "metro ticket cost Gomel",
        "Minsk",
    ),
    "a minister after the price of a ticket": Dialogue(
        [("How much does a metro ticket cost in Minsk?", "85 kopecks. [1]")],
        "Who is the defence minister of Germany?",
        same=True,
    ),
    "it, what the answer names": Dialogue(
        [("What will be built in Smolensk in 2026?", "A new electric bus plant. [1]")],
        "Who will build it?",
        "build electric bus plant",
        "it",
    ),
    "this, what the answer names": Dialogue(
        [("What will be built in Smolensk in 2026?", "A new electric bus plant. [1]")],
        "How much will this cost?",
        "cost electric bus plant",
    ),
    "they, two people": Dialogue(
        [("Which ministers met Tokayev?", "Rogozhnik and Kuznetsov. [1]")],
        "What did they discuss?",
        "Rogozhnik Kuznetsov discuss",
        "they",
    ),
    "its, of a region": Dialogue(
        [("What is the population of Brest Region?", "1.3 million. [1]")],
        "What about its area?",
        "area Brest Region",
        "its",
    ),
    "his": Dialogue(
        [("Who signed the contract for MAZ?", "Valery Ivankovich. [1]")],
        "What is his position?",
        "position Valery Ivankovich",
        "his",
    ),
    "on what date": Dialogue(
        [("Which countries signed the agreement?", "Belarus, Russia and Kazakhstan. [1]")],
        "On what date?",
        "date agreement signed",
    ),
    "imports for exports": Dialogue(
        [("By how much did exports to Russia grow in March 2024?", "By 3%. [1]")],
        "And imports?",
        "imports Russia grow March 2024",
        "exports",
    ),
    "imports, a month later": Dialogue(
        [("By how much did exports to Russia grow in March 2024?", "By 3%. [1]"), ("And imports?", "By 1%. [1]")],
        "And in April?",
        "imports Russia grow April 2024",
        "exports March",
    ),
    "before him": Dialogue(
        [("Who chairs the Minsk Regional Executive Committee?", "Alexei Kushnarenko. [1]")],
        "And who was there before him?",
        "before Alexei Kushnarenko",
    ),
}

ACROSS = {
    "an English pronoun after Russian turns": Dialogue(
        [("Кто выпускает погрузчики?", "ОАО «Амкодор». [1]")], "Who heads it?", "who heads Амкодор"
    ),
    "a Russian pronoun after English turns": Dialogue(
        [("Who is the governor of Smolensk Region?", "Vasily Anokhin. [1]")],
        "Когда он родился?",
        "когда Anokhin родился",
        "он",
    ),
    "an English fragment after a Russian question": Dialogue(
        [(EXPORT, "На 45%. [1]")], "Why?", "экспорт Узбекистан why"
    ),
    "a name in the other script": Dialogue(
        [("Где находится завод МАЗ?", "В Минске. [1]")], "А Krantas Group?", "где находится Krantas Group", "МАЗ"
    ),
    "an English question on another subject": Dialogue(
        [(EXPORT, "На 45%.")], "Who is the governor of Brest Region?", same=True
    ),
}


@pytest.mark.parametrize("dialogue", RUSSIAN.values(), ids=RUSSIAN)
def test_a_russian_follow_up_stands_alone(dialogue: Dialogue) -> None:
    check(dialogue)


@pytest.mark.parametrize("dialogue", ENGLISH.values(), ids=ENGLISH)
def test_an_english_follow_up_stands_alone(dialogue: Dialogue) -> None:
    check(dialogue)


@pytest.mark.parametrize("dialogue", ACROSS.values(), ids=ACROSS)
def test_a_follow_up_in_the_other_language_stands_alone(dialogue: Dialogue) -> None:
    check(dialogue)


@pytest.mark.parametrize(
    ("before", "answer", "question", "asked"),
    [
        (EXPORT, "На 45%. [1]", "А в 2022?", "На сколько вырос экспорт в Узбекистан в 2022 году?"),
        (EXPORT, "На 45%. [1]", "А в Казахстан?", "На сколько вырос экспорт в Казахстан в 2023 году?"),
        (EXPORT, "На 45%. [1]", "А товарооборот?", "На сколько вырос товарооборот в Узбекистан в 2023 году?"),
        (EXPORT, "На 45%. [1]", "Почему?", "Почему вырос экспорт в Узбекистан в 2023 году?"),
        (
            "Кто губернатор Смоленской области?",
            "**Василий Анохин** — «Губернатор Смоленской области — Василий Анохин.» [1]",
            "С кем он встречался?",
            "С кем губернатор Смоленской области Василий Анохин встречался?",
        ),
        (
            "Кто сейчас премьер-министр Беларуси?",
            "По состоянию на 5 ноября 2025 года (План: итоги): **Александр Турчин** [1]\nПояснение: …",
            "А кто занимал этот пост в ноябре 2024 года?",
            "Кто занимал пост премьер-министра Беларуси в ноябре 2024 года?",
        ),
        (
            "Who is the governor of Smolensk Region?",
            "Vasily Anokhin. [1]",
            "And of Ulyanovsk Region?",
            "Who is the governor of Ulyanovsk Region?",
        ),
        (
            "Who is the governor of Smolensk Region?",
            "Vasily Anokhin. [1]",
            "Whom did he meet?",
            "Whom did Vasily Anokhin, the governor of Smolensk Region, meet?",
        ),
        (
            "Кто премьер-министр Беларуси?",
            "По состоянию на 5 ноября 2025 года (План): Премьер-министр Беларуси Александр Турчин подписал план. [1]",
            "С кем он встретился?",
            "С кем премьер-министр Беларуси Александр Турчин встретился?",
        ),
        (
            "Whom did the governor of Smolensk Region meet at the Innoprom exhibition?",
            "Dmitry Krutoy. [1]",
            "What is produced there?",
            "What is produced at the Innoprom exhibition (Smolensk Region)?",
        ),
        (
            "Who signed the roadmap with Kazakhstan?",
            "A minister.",
            "When?",
            "When was the roadmap with Kazakhstan signed?",
        ),
        ("Who signed the roadmap?", "A minister. [1]", "When was it signed?", "When was the roadmap signed?"),
    ],
)
def test_what_is_searched_for_reads_like_a_question(before: str, answer: str, question: str, asked: str) -> None:
    assert after(before, question, answer) == asked


def test_a_question_without_a_history_stays_as_it_is() -> None:
    assert standalone(EXPORT, []) == EXPORT


def test_turns_out_of_reach_are_let_go() -> None:
    old = [Turn("Кто губернатор Смоленской области?", "Василий Анохин. [1]")]
    since = [
        Turn(f"Сколько жителей в Бресте в {year} году?", f"{year * 100}. [1]") for year in (2018, 2019, 2020, 2021)
    ]
    assert "Анохин" not in standalone("Когда он родился?", old + since)


class _Model:
    """Rewrites to what it is told to, and remembers whether it was asked."""

    def __init__(self, text: str | None) -> None:
        self.text, self.asked = text, False

    def rewrite(self, question: str, turns: Sequence[Turn], language: Language) -> str | None:
        self.asked = True
        return self.text


TURNS = [Turn(EXPORT, "Почти на 45%. [1]")]


def test_a_rewrite_of_a_model_is_shown_when_it_keeps_to_the_turns() -> None:
    said = "На сколько процентов вырос товарооборот с Узбекистаном в 2023 году?"
    turns = [Turn(EXPORT, "Почти на 45 процентов. [1]")]
    assert standalone("А товарооборот?", turns, _Model(said)) == said


@pytest.mark.parametrize(
    "rewritten",
    [
        "На сколько вырос товарооборот с Китаем в 2023 году?",
        "На сколько вырос товарооборот с Узбекистаном в 2024 году?",
        "На сколько вырос экспорт в Узбекистан в 2023 году?",
        "By how much did the товарооборот with Uzbekistan grow in 2023?",
        "На сколько вырос товарооборот?\nОтвет: на треть",
        "",
        None,
    ],
)
def test_a_rewrite_that_adds_loses_or_fails_gives_way_to_the_rules(rewritten: str | None) -> None:
    assert (
        standalone("А товарооборот?", TURNS, _Model(rewritten))
        == "На сколько вырос товарооборот в Узбекистан в 2023 году?"
    )


def test_a_model_is_not_asked_about_a_question_that_stands_alone() -> None:
    model = _Model("Что-то другое?")
    question = "Кто губернатор Брестской области?"
    assert standalone(question, TURNS, model) == question
    assert not model.asked


def test_a_rewrite_may_inflect_its_words() -> None:
    assert faithful(
        "Сколько тракторов выпустил завод в Минске?", "А тракторы?", [Turn("Что выпускает завод в Минске?", "")]
    )


@pytest.mark.parametrize(
    "question", ["?", "А?", "и", "And", "...", "🙂", "«»", "он", "it", "в в в", "а" * 4000, "this that"]
)
@pytest.mark.parametrize("before", [EXPORT, "?", "", "MAZ", "«", "Who?", "А " * 500])
def test_odd_questions_and_turns_do_no_harm(before: str, question: str) -> None:
    assert isinstance(standalone(question, [Turn(before, "«**[1]"), Turn(question, before)]), str)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("А Krantas Group?", "ru"),
        ("Krantas Group?", "ru"),
        ("2022?", "ru"),
        ("Why?", "en"),
        ("Who heads ОАО «Амкодор»?", "en"),
    ],
)
def test_names_and_figures_do_not_tell_the_language_of_a_follow_up(question: str, language: Language) -> None:
    assert spoken_in(question, [Turn(EXPORT, "")]) == language


def test_a_question_without_a_question_word_can_be_asked_anew() -> None:
    assert after("Экспорт в Узбекистан в 2023 году", "Почему?") == "Почему Экспорт в Узбекистан в 2023 году?"


def test_a_long_question_says_it_all() -> None:
    question = f"Кто его подписал, если {'известно, что ' * 30}он подписан?"
    assert after(EXPORT, question) == question


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many enterprises are in the Smolensk region?", "How many enterprises are in the Smolensk region?"),
        ("Who led the delegation?", "Who led the delegation in 2023 (Uzbekistan)?"),
        ("Which companies took part?", "Which companies took part in 2023 (Uzbekistan)?"),
    ],
)
def test_a_thing_with_an_article_is_not_taken_for_the_one_before(question: str, expected: str) -> None:
    assert standalone(question, [Turn("By how much did exports to Uzbekistan grow in 2023?", "nearly 45%")]) == expected


DELEGATES = (
    "Официальная делегация Министерства промышленности во главе с Министром Александром Рогожником на Форуме регионов."
)


@pytest.mark.parametrize(
    ("before", "answer", "question", "asked"),
    [
        # Another topic lets the talk go.
        (
            "Кто возглавил делегацию на Форуме?",
            f"**Александр Рогожник** — «{DELEGATES}» [1]",
            "Сколько больниц построили?",
            "",
        ),
        (
            "Who headed the delegation?",
            f"**Aleksandr Rogozhnik** — in Russian: «{DELEGATES}» [1]",
            "How many hospitals were built?",
            "",
        ),
        (
            "What do Belarus and Kazakhstan trade in?",
            "Machinery. [1]",
            "How many hospitals were built?",
            "",
        ),
        ("Где погиб Денис Тен?", "В Алма-Ате. [1]", "Сколько больниц построили?", ""),
        # What was told more of before is said in full.
        (
            "Who headed the Belarusian delegation at the forum?",
            f"**Aleksandr Rogozhnik** — in Russian: «{DELEGATES}» [1]",
            "And how many enterprises were in the delegation?",
            "How many enterprises were in the Belarusian delegation?",
        ),
        (
            "Кто возглавил белорусскую делегацию на Форуме регионов?",
            f"**Александр Рогожник** — «{DELEGATES}» [1]",
            "А сколько предприятий было в делегации?",
            "Сколько предприятий было в делегации на Форуме регионов?",
        ),
        # A name is no part of the thing before it, nor a verb one.
        (
            "Кто возглавил белорусскую делегацию?",
            f"**Александр Рогожник** — «{DELEGATES}» [1]",
            "Какую должность он занимает?",
            "Какую должность Александр Рогожник занимает?",
        ),
        ("Где погиб Денис Тен?", "В Алма-Ате. [1]", "Что у него украли?", "Что у Дениса Тена украли?"),
        (
            "Что делает «Планета Сервис» с Минским моторным заводом?",
            "",
            "Где это будет?",
            "Где «Планета Сервис» с Минским моторным заводом будет?",
        ),
        # Who is asked about is whom the next question means.
        (
            "Кто такой Антон Алиханов?",
            "Глава Минпромторга. [1]\n**Александр Турчин** — «Он встретился с Александром Турчиным.» [2]",
            "С кем он встретился?",
            "С кем Антон Алиханов встретился?",
        ),
        (
            "Who is Anton Alikhanov?",
            "**Aleksandr Turchin** — in Russian: «Он встретился с Александром Турчиным.» [1]",
            "Whom did he meet?",
            "Whom did Anton Alikhanov meet?",
        ),
        (
            "Кого уволили с поста главы Роскосмоса?",
            "**Анатолий Перминов** [1]",
            "Кем его заменили?",
            "Кем Анатолия Перминова заменили?",
        ),
        # A question word with what stands around it.
        (
            "На сколько вырос товарооборот с Узбекистаном в 2023 году?",
            "**на треть** [1]",
            "По сравнению с каким годом?",
            "По сравнению с каким годом вырос товарооборот с Узбекистаном в 2023 году?",
        ),
        (
            "By how much did trade with Uzbekistan grow in 2023?",
            "**one third** [1]",
            "Compared with which year?",
            "Compared with which year did trade with Uzbekistan grow in 2023?",
        ),
        (
            "Какой товарооборот с Беларусью?",
            "294 миллиарда рублей. [1]",
            "А с Казахстаном какой?",
            "Какой товарооборот с Казахстаном?",
        ),
        (
            "How many special vehicles did MAZ and Krantas Group make?",
            "**more than 200** [1]",
            "What kind of vehicles?",
            "What kind of vehicles did MAZ and Krantas Group make?",
        ),
        (
            "What contract is planned in Ulyanovsk?",
            "",
            "For what amount?",
            "For what amount is contract planned in Ulyanovsk?",
        ),
        (
            "And what is the turnover with Russia?",
            "50 billion. [1]",
            "In which year?",
            "In which year is the turnover with Russia?",
        ),
        # A thing in its own case, and words with the preposition that they call for.
        (
            "Какая компания готова делать пожарную технику в Казахстане?",
            "**«ПОЖСНАБ»** [1]",
            "А погрузчики?",
            "Какая компания готова делать погрузчики в Казахстане?",
        ),
        # A quote in Russian gives an English question no words but names.
        (
            "Where did Russkikh and Kushnarenko meet before?",
            "In Russian: «Губернатор Алексей Русских и председатель Алексей Кушнаренко встретились.» [1]",
            "How many times have they met?",
            "How many times have Russkikh and Kushnarenko met?",
        ),
        (
            "Who owned the house before?",
            "**Joe Lockhart** [1]",
            "What is his younger daughter's name?",
            "What is the name of the younger daughter of Joe Lockhart?",
        ),
        (
            "How much did Obama pay for a house in Washington?",
            "**$8.1 million** [1]",
            "How many bedrooms does it have?",
            "How many bedrooms does the house in Washington have (Obama)?",
        ),
        ("Who shot at Reagan?", "", "When did he leave hospital?", "When did he leave hospital (Reagan)?"),
        (
            "What trade milestone did Belarus and Kazakhstan pass?",
            "**$1 billion** [1]",
            "And with Uzbekistan?",
            "What trade milestone did Uzbekistan pass?",
        ),
    ],
)
def test_a_talk_goes_on_as_people_talk(before: str, answer: str, question: str, asked: str) -> None:
    assert after(before, question, answer) == (asked or question)
