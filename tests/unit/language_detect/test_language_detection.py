"""Which language a document and its paragraphs come out in."""

from __future__ import annotations

import shutil
from importlib.resources import as_file
from pathlib import Path

import pytest

from chronika.domain.document import Document, Furniture, FurnitureKind, LanguageLayer, SourceLayer
from chronika.domain.errors import ConfigurationError
from chronika.domain.identity import revision_of
from chronika.domain.span import Span
from chronika.ports.language_pack import LanguagePack
from chronika_language_detect import STAGE
from chronika_language_detect.detection import LanguageDetector
from chronika_language_detect.stage import load_detector
from chronika_languages import ru, uk

PACKS = {"ru": ru.PACK, "uk": uk.PACK}


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return load_detector(PACKS)


def document(text: str, *, title: str = "", furniture: tuple[Furniture, ...] = ()) -> Document:
    return Document(id="d", revision=revision_of(text), source=SourceLayer(text=text, title=title, furniture=furniture))


def detect(detector: LanguageDetector, text: str, **source: object) -> LanguageLayer:
    return detector.detect(document(text, **source))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Министры договорились продолжить переговоры в Стамбуле", "ru"),
        ("Совет отклонил жалобу перевозчиков", "ru"),
        ("Суд арестовал бывшего мэра", "ru"),
        ("Міністри домовилися продовжити перемовини у Стамбулі", "uk"),
        ("Комітет відхилив скаргу перевізників", "uk"),
        ("Депутати проти", "uk"),
        ("Запуск супутника", "uk"),
        ("Консула викликали до міністерства", "uk"),
        ("Чи підтримає рада програму «Житло-2030»?", "uk"),
    ],
)
def test_headlines(detector: LanguageDetector, text: str, language: str) -> None:
    layer = detect(detector, text)
    assert layer.language == language
    assert layer.guess == language


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("Міністры дамовіліся працягнуць перамовы ў Мінску, паведаміла прэс-служба.", "be"),
        ("Министрите се договориха да продължат преговорите в София, съобщи пресслужбата.", "bg"),
        ("Министрите се договорија да ги продолжат преговорите во Скопје, изјави портпаролот.", "mk"),
        ("Министри су се договорили да наставе преговоре у Београду, рекао је портпарол.", "sr"),
        ("Министрлер келіссөздерді Астанада жалғастыруға келісті, деп хабарлады баспасөз қызметі.", "kk"),
        ("Сайд нар хэлэлцээрийг Улаанбаатарт үргэлжлүүлэхээр тохиролцсон гэж мэдээлэв.", "mn"),
        ("The ministers agreed to continue the talks in Istanbul, the press service said.", "en"),
        ("Ministrowie uzgodnili kontynuację rozmów w Stambule, podała służba prasowa.", "pl"),
    ],
)
def test_another_language_is_other_and_named(detector: LanguageDetector, text: str, guess: str) -> None:
    layer = detect(detector, text)
    assert (layer.language, layer.guess) == ("other", guess)
    assert layer.confidence > 0.6


@pytest.mark.parametrize("text", ["", "   \n\n", "12.05.2024, 19:45", "😀 😡 — …"])
def test_a_text_without_letters_is_undetermined(detector: LanguageDetector, text: str) -> None:
    layer = detect(detector, text)
    assert (layer.language, layer.guess, layer.confidence) == ("other", "und", 0.0)


def test_short_text_is_marked_by_its_confidence(detector: LanguageDetector) -> None:
    short = detect(detector, "Сторони домовилися")
    long = detect(detector, "Сторони домовилися, що наступна зустріч відбудеться в травні, повідомила речниця уряду.")
    assert short.language == long.language == "uk"
    assert 0 < short.confidence < long.confidence <= 1


def test_a_quotation_does_not_flip_the_one_who_quotes(detector: LanguageDetector) -> None:
    text = (
        "Прем'єрка Естонії у вівторок зустрілася в Таллінні з послом Вірменії. «Мы хотим открыть прямые рейсы и "
        "расширить торговлю вином, фруктами и минеральной водой», — навела його слова мовою оригіналу речниця. "
        "Сторони узгодили бізнес-форум."
    )
    layer = detect(detector, text)
    assert layer.language == "uk"
    assert [paragraph.language for paragraph in layer.paragraphs] == ["uk"]


def test_paragraphs_that_quote_another_language_keep_it(detector: LanguageDetector) -> None:
    frame = "Речник порту розповів журналістам, що сталося вночі."
    quote = "«Мы услышали взрыв, выбежали на причал и увидели, что горит второй склад с зерном»."
    text = f"{frame}\n{quote}\n\nПро постраждалих не повідомлялося."
    layer = detect(detector, text)
    assert layer.language == "uk"
    assert [(p.span.of(text)[:7], p.language) for p in layer.paragraphs] == [
        ("Речник ", "uk"),
        ("«Мы усл", "ru"),
        ("Про пос", "uk"),
    ]


def test_many_quoted_paragraphs_do_not_outvote_the_author(detector: LanguageDetector) -> None:
    quote = "«Мы два раза просили область прислать зенитчиков, но нам никто так и не ответил»."
    text = "\n".join(["Мешканці села скаржаться на владу району.", quote, quote, "Відповіді від влади поки немає."])
    assert detect(detector, text).language == "uk"


def test_a_line_that_says_little_leans_on_the_document(detector: LanguageDetector) -> None:
    text = "Президент\nУряд ухвалив рішення про допомогу постраждалим від повені, заявила міністерка."
    assert [p.language for p in detect(detector, text).paragraphs] == ["uk", "uk"]


def test_furniture_has_no_say(detector: LanguageDetector) -> None:
    crumbs = "Главная » Новости » Политика » Все новости этого раздела за сегодня"
    text = f"{crumbs}\nРада ухвалила закон."
    marked = (Furniture(Span(0, len(crumbs)), FurnitureKind.CRUMBS),)
    assert detect(detector, text).language == "ru"
    layer = detect(detector, text, furniture=marked)
    assert layer.language == "uk"
    assert [p.span.of(text) for p in layer.paragraphs] == ["Рада ухвалила закон."]


def test_a_title_outside_the_text_counts(detector: LanguageDetector) -> None:
    assert detect(detector, "19:45", title="Уряд ухвалив новий закон про біженців").language == "uk"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Мiнiстр оборони Болгарiї зустрiвся з колегою з Чехiї.", "uk"),
        ("Пpeмьep пoceтил зaвoд в Tвepи и пooбщaлcя c paбoчими.", "ru"),
        ("Самого́ мини\u00adстра на встре\u200bче не́ было.", "ru"),
        ("Прем’єр’ка п\u0301оїхала.", "uk"),
        ("И\u0306одистая соль подорожала в регионе вдвое.".replace("И\u0306", "Й"), "ru"),
    ],
)
def test_look_alikes_and_hidden_marks(detector: LanguageDetector, text: str, language: str) -> None:
    assert detect(detector, text).language == language


def test_decomposed_letters_are_read_whole(detector: LanguageDetector) -> None:
    composed = "Її колеги з Києва заявили про є нові докази"
    decomposed = composed.replace("ї", "і\u0308").replace("Ї", "І\u0308").replace("й", "и\u0306")
    assert detect(detector, decomposed).language == "uk"


def test_latin_names_do_not_make_a_text_foreign(detector: LanguageDetector) -> None:
    assert detect(detector, "Компания Northern Airlines отменила рейсы в Munich Airport").language == "ru"


def test_spans_count_in_the_text_as_given(detector: LanguageDetector) -> None:
    text = "\ufeff  Суд́ отменил решение. \r\n\u2029 Суд скасував рішення ради. "
    layer = detect(detector, text)
    assert [p.span.of(text).strip("\ufeff ") for p in layer.paragraphs] == [
        "Суд́ отменил решение.",
        "Суд скасував рішення ради.",
    ]
    assert [p.language for p in layer.paragraphs] == ["ru", "uk"]


def test_the_stage_keeps_order() -> None:
    stage = STAGE.load(PACKS)
    layers = stage([document("Рада проти"), document("Совет против этого"), document("")])
    assert [layer.language for layer in layers if isinstance(layer, LanguageLayer)] == ["uk", "ru", "other"]


def test_a_hostile_text_does_not_hang(detector: LanguageDetector) -> None:
    text = "«" * 20_000 + "а" * 100_000 + '"' * 20_000 + "a.a@" * 20_000
    assert detect(detector, text).language in {"ru", "uk", "other"}


@pytest.fixture
def belarusian(tmp_path: Path) -> LanguagePack:
    """A language that somebody adds: a folder with a profile and nothing else."""
    (tmp_path / "language.toml").write_text(
        'labels = ["be"]\nletters = "абвгдеёжзійклмнопрстуўфхцчшыьэюя"\nprior = 0.0\nwords = "і ў"\nendings = ""\n',
        encoding="utf-8",
    )
    return LanguagePack(code="be", name="Belarusian", files=tmp_path)


def test_a_new_pack_is_read_without_an_edit(belarusian: LanguagePack) -> None:
    text = "Міністры дамовіліся працягнуць перамовы ў Мінску."
    assert load_detector(PACKS | {"be": belarusian}).detect(document(text)).language == "be"
    assert load_detector(PACKS).detect(document(text)).language == "other"


def test_a_pack_without_a_profile_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"'xx' has no file language.toml") as raised:
        STAGE.load({"xx": LanguagePack(code="xx", name="Stub", files=tmp_path)})
    assert raised.value.code == "language-file-missing"


def test_a_broken_profile_is_named(tmp_path: Path) -> None:
    with as_file(ru.PACK.files / "language.toml") as path:
        shutil.copy(path, tmp_path / "language.toml")
    profile = tmp_path / "language.toml"
    profile.write_text(profile.read_text(encoding="utf-8").replace("prior =", "priority ="), encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        STAGE.load({"ru": LanguagePack(code="ru", name="Russian", files=tmp_path)})
    assert raised.value.code == "language-profile-invalid"


def test_a_dictionary_that_is_not_installed_is_named(tmp_path: Path) -> None:
    (tmp_path / "language.toml").write_text(
        'labels = ["xx"]\ndictionary = "xx"\nletters = "абв"\nprior = 0.0\nwords = ""\nendings = ""\n', encoding="utf-8"
    )
    with pytest.raises(ConfigurationError) as raised:
        STAGE.load({"xx": LanguagePack(code="xx", name="Stub", files=tmp_path)})
    assert raised.value.code == "language-dictionary-missing"
