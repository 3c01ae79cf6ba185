from pathlib import Path

import pytest

from istok.index.errors import LoadError
from istok.index.metadata import FileMetadata, read_metadata

SEEDS = Path(__file__).parents[2] / "seeds"


def test_every_seed_has_a_title_a_date_and_a_basis() -> None:
    known = read_metadata(SEEDS)
    assert sorted(known) == sorted(path.name for path in SEEDS.glob("*.txt"))
    assert [known[name].date for name in sorted(known)] == [
        "2024-02",
        "2025-11-05",
        "2025-11-26",
        "2025-10-21",
        "2024-11-14",
    ]
    assert all(entry.title and entry.basis for entry in known.values())


def test_a_folder_without_metadata_has_none(tmp_path: Path) -> None:
    assert read_metadata(tmp_path) == {}


def test_toml_s_own_dates_and_bare_years_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "metadata.toml").write_text('["a.txt"]\ndate = 2025-11-05\n["b/c.txt"]\ndate = 2024\n', "utf-8-sig")
    assert read_metadata(tmp_path) == {"a.txt": FileMetadata(date="2025-11-05"), "b/c.txt": FileMetadata(date="2024")}


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ('["a.txt"]\ndate = "5 ноября"', '"a.txt".date: '),
        ('["a.txt"]\ndate = "2025-02-30"', '"a.txt".date: '),
        ('["a.txt"]\nauthor = "Ильин"', '"a.txt".author: '),
        ('["a.txt"]\ntitle = 5', '"a.txt".title: '),
        ('title = "Мост"', "title: "),
        ('["a.txt"\n', "is no valid TOML"),
    ],
)
def test_a_mistake_is_one_line_with_the_file_and_the_key(tmp_path: Path, toml: str, named: str) -> None:
    (tmp_path / "metadata.toml").write_text(toml, "utf-8")
    with pytest.raises(LoadError) as caught:
        read_metadata(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'metadata.toml'}: {named}")
    assert "\n" not in str(caught.value)


def test_metadata_in_another_charset_is_refused(tmp_path: Path) -> None:
    (tmp_path / "metadata.toml").write_bytes('["a.txt"]\ntitle = "Мост"'.encode("cp1251"))
    with pytest.raises(LoadError, match="save it as UTF-8"):
        read_metadata(tmp_path)
