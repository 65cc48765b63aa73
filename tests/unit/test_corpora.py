"""The real news that packages carry is read as items: broken letters mended, subtitles first."""

import zipfile
from pathlib import Path

from training.corpora import corpora

HEAD = "article_id,publish_date,article_source_link,title,subtitle,text\n"
LONG = "A subtitle of more than thirty letters."
ROWS = f"7,2017/3/9,http://a/,Dam fails,{LONG},Water rose.- Thousands left\n8,,http://b/,Calm day,Short,No harm\n"


def test_articles_and_short_texts_become_items(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "NewsArticles.zip", "w") as packed:
        packed.writestr("NewsArticles.csv", HEAD + ROWS)
    (tmp_path / "lee.cor").write_bytes("Fire burns in Évora.  It spread.\n".encode("latin-1"))
    found = corpora(tmp_path)
    assert list(found) == ["n7", "n8", "le0"]
    assert found["n7"]["text"] == f"{LONG} Water rose. Thousands left"
    assert found["n7"]["date"] == "2017-03-09"
    assert found["n8"]["text"] == "No harm"
    assert found["le0"]["title"] == "Fire burns in Évora."
    assert found["le0"]["text"] == "Fire burns in Évora. It spread."


def test_a_folder_without_them_gives_none(tmp_path: Path) -> None:
    assert corpora(tmp_path) == {}
