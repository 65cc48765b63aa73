"""Words of a language that are places elsewhere, and parts of words in scripts without spaces."""

import pytest

from tests.support.builders import NOON
from worker.articles.model import Document
from worker.places.resolve import Resolver


def _countries(resolver: Resolver, lang: str, text: str) -> list[str]:
    document = Document(id="1", title=text, text="", lang=lang, date=NOON)
    return [mention.place.country for mention in resolver.mentions(document)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        pytest.param("zh", "两家企业合作开通新中心", id="Chinese: to cooperate, to open, centre"),
        pytest.param("zh", "三千余家工厂停工", id="Chinese: the end of one word and the start of the next"),
        pytest.param("ja", "新しいスタイルのリボン", id="Japanese: within a word in katakana"),
        pytest.param("ja", "コロナの感染者が増加", id="Japanese: the virus"),
        pytest.param("ko", "안전을 위해 밖으로 나가 달라", id="Korean: for the sake of, to go out"),
        pytest.param("ko", "우리가 먼저 코로나 검사를 받았다", id="Korean: within a word, and the virus"),
        pytest.param("th", "โรคแพร่เร็วมากเลย", id="Thai: to spread, and a particle"),
        pytest.param("hi", "बयान पर पलटवार", id="Hindi: on, which is not Peru without its vowels"),
        pytest.param("id", "Lima anggota DPR mundur", id="Indonesian: five, and the parliament"),
        pytest.param("hu", "Aki fut, elesik", id="Hungarian: who"),
        pytest.param("lv", "Lai sāktos darbs", id="Latvian: let"),
        pytest.param("es", "PLAN DE EMERGENCIA", id="Spanish: of, in capitals"),
        pytest.param("fr", "Seul le maire parle", id="French: alone"),
        pytest.param("sv", "Boende i två hus har fått lämna allt", id="Swedish: residents"),
        pytest.param("sv", "Hela kvarteret utan el", id="Swedish: the whole"),
        pytest.param("no", "Kampene går inn i en ny uke", id="Norwegian: the fighting"),
        pytest.param("nb", "Kampene går inn i en ny uke", id="the same, called Bokmål"),
        pytest.param("cs", "Lidé utíkají před požárem", id="Czech: people"),
        pytest.param("uk", "Тоді метро закрили", id="Ukrainian: then, underground"),
        pytest.param("id", "Rumah warga terendam banjir", id="Indonesian: houses"),
        pytest.param("es", "La Fundación abre un registro de víctimas", id="Spanish: foundation, register"),
    ],
)
def test_a_common_word_is_no_place(resolver: Resolver, lang: str, text: str) -> None:
    assert _countries(resolver, lang, text) == []


@pytest.mark.parametrize(
    ("lang", "text", "country"),
    [
        pytest.param("zh", "四川泸定发生强烈地震", "CN", id="Chinese: a county behind its province"),
        pytest.param("zh", "合作市一座仓库起火", "CN", id="Chinese: a word with the sign of a town"),
        pytest.param("ja", "タイ北部で洪水", "TH", id="Japanese: a short name that stands alone"),
        pytest.param("ja", "西アフリカのマリで爆発", "ML", id="Japanese: a short name between other letters"),
        pytest.param("ja", "ウクライナキーウで爆発", "UA", id="Japanese: a name right behind another"),
        pytest.param("ko", "러시아모스크바에서 폭발", "RU", id="Korean: a name right behind another"),
        pytest.param("ko", "경북 영덕 산불로 주민 대피", "KR", id="Korean: a county behind its province"),
        pytest.param("ko", "공주시 산사태로 도로 통제", "KR", id="Korean: a word with the sign of a town"),
        pytest.param("th", "น้ำท่วมจังหวัดแพร่", "TH", id="Thai: a word with the sign of a province"),
        pytest.param("hi", "पेरू में भूकंप", "PE", id="Hindi: the name with its vowels"),
        pytest.param("pt", "Rio transborda no Pará", "BR", id="Portuguese: the accent makes it a name"),
        pytest.param("pt", "Ataque no Irã", "IR", id="Portuguese: a country is never a common word"),
        pytest.param("es", "Evacuada una terminal en LAX", "US", id="Spanish: an airport's letters"),
        pytest.param("en", "Storm cuts power in Dover, DE", "US", id="English: the post's letters"),
    ],
)
def test_a_name_is_still_found(resolver: Resolver, lang: str, text: str, country: str) -> None:
    assert country in _countries(resolver, lang, text)
