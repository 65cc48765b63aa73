"""What stands beside a name decides: rivers, streets, ministries, datelines, neighbours and attackers are no scenes."""

from collections.abc import Sequence

import pytest

from worker.articles.model import Document
from worker.places.model import Event
from worker.places.resolve import Resolver
from worker.triggers.model import Detection


def land(resolver: Resolver, lang: str, text: str, quote: str, trigger: str) -> str:
    return "+".join(e.country for e in located(resolver, lang, text, quote, trigger))


def places(resolver: Resolver, lang: str, text: str, quote: str, trigger: str) -> list[str]:
    return [place.name for e in located(resolver, lang, text, quote, trigger) for place in e.places]


def located(resolver: Resolver, lang: str, text: str, quote: str, trigger: str) -> Sequence[Event]:
    title, _, body = text.partition("\n")
    start = text.index(quote)
    end = start + len(quote)
    ends = text.find("\n", end)
    detection = Detection(
        trigger=trigger,
        phase="active",
        veracity="reported",
        quote=quote,
        start=start,
        end=end,
        sentence=(start, ends if ends > 0 else len(text)),
        rule="test",
        confidence=1.0,
    )
    return resolver.locate(Document(title=title, text=body, lang=lang), [detection])


def check(resolver: Resolver, case: str, trigger: str) -> None:
    country, lang, text, quote = case.split(" | ")
    assert land(resolver, lang, text.replace("\\n", "\n"), quote, trigger) == country


@pytest.mark.parametrize(
    "case",
    [
        "UA | es | Nueve heridos en un bombardeo ruso en la región de Donetsk | bombardeo",
        "UA | es | Misiles rusos matan a dos vecinos en Pokrovsk | Misiles rusos matan",
        "UA | pt | Bombardeio russo mata quatro em Pokrovsk | Bombardeio",
        "UA | fr | Une offensive russe vise la région de Donetsk | offensive",
        "UA | it | Bombardamento russo nella regione di Donetsk | Bombardamento",
        "SY | ru | Турецкая авиация нанесла удар по сирийскому городу Манбидж | нанесла удар",
        "SY | tr | Rus uçakları Suriye'nin İdlib kentini vurdu | vurdu",
        "YE | ar | قصف إسرائيلي على مدينة الحديدة اليمنية | قصف",
        "UA | de | Russischer Drohnenangriff auf das ukrainische Sumy | Drohnenangriff",
        "UA | uk | Російський обстріл українського міста Нікополь | обстріл",
        "SY | en | Turkish drone strike on the Syrian town of Kobani | drone strike",
    ],
)
def test_the_town_that_is_struck_counts_and_not_who_strikes(resolver: Resolver, case: str) -> None:
    check(resolver, case, "air_strike")


@pytest.mark.parametrize(
    "case",
    [
        " | es | Vuelca una balsa en el lago Victoria | Vuelca",
        " | fr | Une pirogue chavire sur le lac Victoria | chavire",
        " | pt | Balsa vira no lago Vitória | vira",
        " | ru | Лодка перевернулась на реке Дон | перевернулась",
        " | uk | Човен перекинувся на озері Вікторія | перекинувся",
        " | ar | انقلاب قارب في بحيرة فيكتوريا | انقلاب",
        " | tr | Victoria Gölü'nde tekne alabora oldu | alabora",
        "UG | es | Vuelca una balsa en el lago Victoria, en Uganda | Vuelca",
        "BR | pt | Balsa vira no rio Paraguai, em Mato Grosso do Sul | vira",
        "CO | es | Vuelca una lancha en el río Cauca | Vuelca",
        "ES | es | Un alud en la sierra de la Culebra sepulta un tren en Zamora | alud",
        "UA | ru | Лодка перевернулась на реке Днепр | перевернулась",
    ],
)
def test_a_river_or_a_lake_is_no_town_of_that_name(resolver: Resolver, case: str) -> None:
    check(resolver, case, "industrial_transport_disaster")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        pytest.param("en", "Boats cross to the southern bank of the Dnipro", id="the bank of a river"),
        pytest.param("es", "La lancha cruzó el río Santiago", id="a river called as a capital is"),
        pytest.param("ru", "На правом берегу Днепра", id="a bank without a word for of"),
    ],
)
def test_a_water_is_no_point_on_the_map_of_towns(resolver: Resolver, lang: str, text: str) -> None:
    [mention] = resolver.mentions(Document(text=text, lang=lang))
    assert mention.place.precision == "region"


@pytest.mark.parametrize(
    "case",
    [
        "PT | pt | Incêndio na rua do Brasil, em Coimbra | Incêndio",
        "MX | es | Explota un camión en la avenida Colombia de Monterrey | Explota",
        "FR | fr | Un immeuble s'effondre rue d'Alger à Marseille | s'effondre",
        "IT | it | Crolla un palazzo in via Bologna a Torino | Crolla",
        "CO | es | Derrumbe en un socavón, dice el Ministerio de Minas de Colombia | Derrumbe",
        " | es | Derrumbe en un socavón, dice el Ministerio de Energía y Minas | Derrumbe",
        " | pt | Barragem cede, diz o Ministério de Minas e Energia | cede",
        "VE | es | Un derrumbe bloquea las calles de Caracas | derrumbe",
    ],
)
def test_names_of_streets_and_ministries_place_nothing(resolver: Resolver, case: str) -> None:
    check(resolver, case, "industrial_transport_disaster")


@pytest.mark.parametrize(
    "case",
    [
        "SS | en | Bus bombed\\nKAMPALA (Reuters) - A bomb tore through a bus in South Sudan | tore through a bus",
        "SY | fr | Dix morts\\nBeyrouth, 3 mars (AFP) - Une bombe a explosé à Alep | explosé",
        "AF | de | KABUL/ISLAMABAD (dpa) - Anschlag in Masar-i-Scharif | Anschlag",
        "UA | de | Zwölf Tote\\nMOSKAU/WARSCHAU (dpa) - Bombe explodiert in Odessa | explodiert",
        "LY | it | Due morti\\nIL CAIRO, 12 SET - Esplode un'autobomba a Bengasi | Esplode",
        "UZ | ru | Взрыв\\nМОСКВА, 5 янв (Рейтер) - Взрыв прогремел в Ташкенте | прогремел",
        "YE | ar | انفجار\\nدبي (رويترز) - انفجار في صنعاء | انفجار في",
        "EG | en | Bomb wounds two\\nCAIRO (AP) — A bomb wounded two people at a checkpoint | bomb wounded",
    ],
)
def test_a_dateline_counts_only_where_nothing_else_is_named(resolver: Resolver, case: str) -> None:
    check(resolver, case, "bombing")


@pytest.mark.parametrize(
    "case",
    [
        "PL | en | Blast kills farmer in a Polish hamlet near the border with Ukraine | Blast",
        "PL | en | Blast kills farmer in Polish hamlet near Ukraine border | Blast",
        "EC | en | Blast in Ecuador's Carchi province bordering Colombia | Blast",
        "SY | fr | Explosion dans une ville syrienne frontalière de la Turquie | Explosion",
        "VE | es | Explosión en un pueblo venezolano en la frontera con Colombia | Explosión",
        "BR | pt | Explosão em vila brasileira na fronteira com a Venezuela | Explosão",
        "PL | de | Explosion in polnischem Dorf an der Grenze zu Belarus | Explosion",
        "SI | it | Esplosione in un villaggio sloveno al confine con l'Italia | Esplosione",
        "EE | ru | Взрыв в эстонской деревне у границы с Россией | Взрыв",
        "PL | uk | Вибух у польському селі біля кордону з Україною | Вибух",
        "IQ | ar | انفجار في العراق قرب الحدود مع سوريا | انفجار",
        "IQ | tr | Irak'ın Türkiye sınırına yakın Zaho kentinde patlama | patlama",
        "TD | en | Blast in neighbouring Chad | Blast",
    ],
)
def test_what_happens_near_a_border_happens_on_this_side(resolver: Resolver, case: str) -> None:
    check(resolver, case, "bombing")


@pytest.mark.parametrize(
    "case",
    [
        "LV | en | Latvia shuts its frontier with Belarus | shuts its frontier",
        "PE | es | Perú cierra la frontera con Ecuador | cierra la frontera",
        "NE | fr | Le Niger ferme sa frontière avec le Bénin | ferme sa frontière",
    ],
)
def test_the_country_that_closes_a_border_is_where_it_closes(resolver: Resolver, case: str) -> None:
    check(resolver, case, "border_closure")


@pytest.mark.parametrize(
    "case",
    [
        "MZ | pt | Explosão em Moçambique, diz a Universidade de Lisboa | Explosão",
        "EC | es | Explosión en Ecuador, afirma un experto de la Universidad de Buenos Aires | Explosión",
        "AR | es | Explosión en la Universidad de Buenos Aires | Explosión",
    ],
)
def test_a_school_is_where_it_happens_only_if_nothing_else_is_named(resolver: Resolver, case: str) -> None:
    check(resolver, case, "bombing")


@pytest.mark.parametrize(
    "case",
    [
        "TD | fr | Tchad : Paris rappelle le personnel de son ambassade | rappelle le personnel",
        "LB | es | Líbano: Berlín reduce su embajada | reduce su embajada",
        "AF | pt | Afeganistão: Londres fecha a sua embaixada | fecha a sua embaixada",
    ],
)
def test_the_land_before_the_colon_is_the_scene_of_what_another_state_does(resolver: Resolver, case: str) -> None:
    check(resolver, case, "embassy_drawdown")


def test_a_capital_in_the_dateline_is_not_more_exact_than_the_land_that_is_named(resolver: Resolver) -> None:
    text = "KAMPALA (Reuters) - Uganda declared an outbreak of Ebola in the west of the country."
    quote = "Uganda declared an outbreak"
    assert places(resolver, "en", f"Ebola is back\n{text}", quote, "health_emergency") == ["Uganda"]


@pytest.mark.parametrize(
    "case",
    [
        "KR | es | Evacuado un hospital en Seúl por un incendio | Evacuado",
        "KR | it | Evacuato un ospedale di Seul | Evacuato",
        "FR | es | Evacuados los vecinos de Burdeos por un incendio | Evacuados",
        "SS | es | Evacuado el personal humanitario de Yuba | Evacuado",
        "CN | ru | Эвакуированы жители в Шанхае | Эвакуированы",
        "CZ | uk | Евакуйовано лікарню в Празі | Евакуйовано",
        "SY | pl | Ewakuacja szpitala w Damaszku | Ewakuacja",
    ],
)
def test_exonyms_and_their_cases(resolver: Resolver, case: str) -> None:
    check(resolver, case, "evacuation")


@pytest.mark.parametrize(
    ("case", "trigger"),
    [
        (
            "CD | de | Eine Miliz griff den Nordosten des Landes an.\\nIm Kongo starben zwei Soldaten | griff",
            "ground_fighting",
        ),
        ("PS | en | Hamas frees two Israeli hostages in Gaza City | frees", "abduction"),
        ("VE | en | Two Americans held in Caracas after failed coup | coup", "coup"),
        (
            "SY | en | A monitor based in London says gunmen seized 60 villagers near Sweida, Syria | seized",
            "abduction",
        ),
        ("ET | ar | ثوران بركان في إثيوبيا | ثوران", "earthquake_volcano"),
    ],
)
def test_peoples_offices_and_common_words_are_no_scenes(resolver: Resolver, case: str, trigger: str) -> None:
    check(resolver, case, trigger)


@pytest.mark.parametrize(
    "case",
    [
        " | en | Russian soldiers shot dead villagers, survivors say | shot dead",
        " | en | Villagers say Russians slaughtered seventy people | slaughtered",
        "RU | en | Russian gunman kills six at a university | kills six",
        "NG | en | Nigerian soldiers open fire on a crowd of mourners | open fire",
        "UA | en | Kyiv says Russian invaders shot dead a priest near Kherson | shot dead",
    ],
)
def test_soldiers_of_a_power_do_not_tell_where_and_a_gunman_does(resolver: Resolver, case: str) -> None:
    check(resolver, case, "attack_on_civilians")


def test_who_accuses_is_where_it_happens_rather_than_the_accused(resolver: Resolver) -> None:
    check(
        resolver,
        "UA | en | Ukraine accuses Russia of blocking an evacuation | Ukraine accuses Russia of blocking an evacuation",
        "evacuation",
    )


def test_a_drone_strike_by_a_power_tells_no_place(resolver: Resolver) -> None:
    check(resolver, " | en | Relatives mourn those killed by a US drone strike | drone strike", "air_strike")
