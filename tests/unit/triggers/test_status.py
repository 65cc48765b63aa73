"""Phase, veracity and attribution of events, on sentences of our own."""

import pytest

from tests.support.telling import LEXICON, told
from worker.articles.model import Document
from worker.triggers.detect import Detector

DETECTOR = Detector(LEXICON)

CLAIMED = [
    ("Ukraine says Russian drones hit a power station", "Russian drones hit a power station", "air_strike"),
    ("Army kills 40 militants in night raid, ministry of defence claims", "kills 40 militants", "ground_fighting"),
    ("Rebels take border town - monitor", "Rebels take border town", "territory_change"),
    ("Village emptied as troops advance, residents say", "troops advance", "ground_fighting"),
    ("Moscow: Kyiv shelled nuclear plant", "shelled nuclear plant", "air_strike"),
    ("Sources: hostages to be freed on Friday", "hostages to be freed", "abduction"),
    ("Kenya to shut border with Somalia: reports", "shut border with Somalia", "border_closure"),
    ("Azerbaijan accuses Armenia of shelling its positions", "shelling its positions", "air_strike"),
    ("Militants 'abduct' village chief near the front line", "Militants 'abduct' village chief", "abduction"),
    ("Army drive to retake Dorvan 'gathering pace'", "drive to retake Dorvan", "ground_fighting"),
    ("'Most rebel units' leaving airport", "leaving airport", "territory_change"),
    ("At least nine reportedly killed in artillery fire", "artillery fire", "air_strike"),
    ("Unrest in the north\nReports of clashes between two militias came in overnight.", "clashes", "ground_fighting"),
    (
        "Convoy hit\nA convoy was bombed near the dam. The report could not be independently verified.",
        "bombed",
        "air_strike",
    ),
    ("According to the separatists, government jets bombed a market.", "jets bombed a market", "air_strike"),
    ("Villagers say soldiers shot dozens of men in the raid", "shot dozens of men", "attack_on_civilians"),
    ("The insurgents said they had ordered people to leave the city.", "ordered people to leave", "evacuation"),
    ("The general staff said its troops had retaken three villages.", "retaken three villages", "territory_change"),
    ("Saudi coalition says it killed 60 fighters in clashes", "killed 60 fighters", "ground_fighting"),
    ("Town shelled\nA town was shelled. The army has not confirmed it.", "was shelled", "air_strike"),
    ("Rumours of an epidemic in Orun", "epidemic in Orun", "health_emergency"),
    ("Mine blast\nA mine blast, sources told Reuters.", "Mine blast", "bombing"),
    ("Flats hit by Russian missiles: Ukraine", "hit by Russian missiles", "air_strike"),
    ("Washington says its rival could strike within days", "could strike", "air_strike"),
]
REPORTED = [
    ("Two killed in bombing at bus stop, police say", "bombing at bus stop", "bombing"),
    ("Quake of magnitude 6 hits coast, geological survey says", "hits coast", "earthquake_volcano"),
    ("Officials say thousands were evacuated from the valley", "were evacuated", "evacuation"),
    ("Turkey says it has launched an offensive in the north", "launched an offensive", "ground_fighting"),
    ("Mali declares state of emergency, president says", "declares state of emergency", "emergency_rule"),
    ("US kills three in strike on alleged smugglers' boat", "strike on alleged smugglers", "air_strike"),
    ("Minister says no talks planned as rebels take the capital", "rebels take the capital", "territory_change"),
    ("Group claims responsibility for mosque bombing", "mosque bombing", "bombing"),
    ("US kills three in strike on boat, Trump says", "kills three in strike", "air_strike"),
    ("Army blows up tower in Gaza, says it housed rebels", "blows up tower", "air_strike"),
    ("Ambush kills 21 soldiers in the north, ministry says", "Ambush kills 21 soldiers", "ground_fighting"),
    ("Army sergeant shot five at a base, officials say", "shot five", "attack_on_civilians"),
    ("Romania says Russian drone entered its airspace", "drone entered", "air_strike"),
    ("UN and monitors say the army’s offensive goes on", "offensive", "ground_fighting"),
    ("Two bombs fell on the plots, said Lidiya, 70, making tea", "bombs fell", "air_strike"),
    ("The minister said that an attempted coup had been thwarted", "attempted coup", "coup"),
    ("General: 'I have seized power'", "seized power", "coup"),
    ("Twin blasts in Orun allegedly carried out by a cell", "blasts in Orun", "bombing"),
    ("Mall shooting suspect was on bail, sources say", "Mall shooting", "attack_on_civilians"),
    ("Storm claims 14 lives as rivers burst banks", "rivers burst banks", "storm_flood_fire"),
    ("Doctors say 20 wounded came in after the air raid", "air raid", "air_strike"),
    ("Fire crews called to reports of explosion at mill", "explosion at mill", "industrial_transport_disaster"),
    ("Army to call up reservists before offensive, army says", "call up reservists", "war_escalation"),
    (
        "Jets bomb bridge\nJets bombed the bridge. The army claims that it was a depot.",
        "bombed the bridge",
        "air_strike",
    ),
]
DENIED = [
    ("Army denies coup as shots ring out", "coup", "coup"),
    ("The ministry has denied claims that its troops withdrew from the city.", "troops withdrew", "territory_change"),
    ("Rwanda denied reports its soldiers had seized the airport.", "soldiers had seized", "territory_change"),
    ("Reports of a border closure are false, interior ministry says", "border closure", "border_closure"),
    ("Governor dismisses rumours of evacuation order", "evacuation order", "evacuation"),
    ("Airline says there is no truth in talk of airport closure", "airport closure", "airspace_airport_closure"),
    ("Kyiv says bridge was shelled\nMoscow denied the claim on Sunday.", "bridge was shelled", "air_strike"),
    ("Sudan says it beat back an incursion\nIts neighbour denies the report.", "incursion", "ground_fighting"),
    ("Bank run fear\nThe government rejected reports of a curfew in the capital.", "curfew", "curfew"),
    ("Rebel claim of capturing airport is untrue, army says", "capturing airport", "territory_change"),
    ("Police: kidnapping of twins was a hoax", "kidnapping of twins", "abduction"),
    ("Claims of a gas attack were fabricated, the army says", "gas attack", "cbrn"),
]
STANDS = [
    ("Man denies murder after stabbing at station", "stabbing at station", "attack_on_civilians"),
    ("Tehran denies involvement in bombing of embassy", "bombing of embassy", "bombing"),
    ("Villagers denied access to homes after eruption", "eruption", "earthquake_volcano"),
    ("Army admits shelling of clinic after denying it", "shelling of clinic", "air_strike"),
    ("Army lifts emergency before disputed vote", "emergency", "emergency_rule"),
]
FOREIGN = [
    (
        "es",
        "El régimen asegura que los rebeldes bombardearon el puerto",
        "bombardearon el puerto",
        "air_strike",
        "claimed",
    ),
    ("es", "El ejército niega que haya habido un golpe de Estado", "golpe de Estado", "coup", "denied"),
    ("fr", "Un chef rebelle aurait été tué dans une frappe", "tué dans une frappe", "air_strike", "claimed"),
    (
        "fr",
        "Le gouvernement dément la fermeture de la frontière",
        "fermeture de la frontière",
        "border_closure",
        "denied",
    ),
    ("de", "Laut Verteidigungsministerium wurden drei Dörfer erobert", "Dörfer erobert", "territory_change", "claimed"),
    ("de", "Die Regierung dementiert einen Putsch", "Putsch", "coup", "denied"),
    ("it", "Secondo i ribelli, un raid avrebbe colpito il mercato", "colpito il mercato", "air_strike", "claimed"),
    ("it", "Il governo smentisce la chiusura del confine", "chiusura del confine", "border_closure", "denied"),
    ("pt", "Exército diz ter tomado a cidade", "tomado a cidade", "territory_change", "claimed"),
    ("ru", "Минобороны заявило о захвате посёлка", "захвате посёлка", "territory_change", "claimed"),
    ("ru", "Власти опровергли введение комендантского часа", "комендантского часа", "curfew", "denied"),
    ("uk", "За даними генштабу, ракета влучила в міст", "ракета влучила в міст", "air_strike", "claimed"),
    ("tr", "Yetkililer darbe girişimini yalanladı", "darbe girişimini", "coup", "denied"),
    ("ar", "نفت الحكومة إغلاق الحدود", "إغلاق الحدود", "border_closure", "denied"),
    ("es", "La policía informa de una explosión en el metro", "explosión en el metro", "bombing", "reported"),
    (
        "de",
        "Nach Angaben der Feuerwehr brennt eine Raffinerie",
        "brennt eine Raffinerie",
        "industrial_transport_disaster",
        "reported",
    ),
]


@pytest.mark.parametrize(("text", "core", "trigger"), CLAIMED, ids=lambda v: str(v)[:30])
def test_what_rests_on_a_party_or_on_nobody_by_name_is_claimed(text: str, core: str, trigger: str) -> None:
    phase = "threatened" if "could" in core else "active"
    assert told(text, core, trigger, phase=phase).veracity == "claimed"


@pytest.mark.parametrize(("text", "core", "trigger"), REPORTED, ids=lambda v: str(v)[:30])
def test_what_services_and_authorities_say_of_their_own_work_is_reported(text: str, core: str, trigger: str) -> None:
    assert told(text, core, trigger).veracity == "reported"


@pytest.mark.parametrize(("text", "core", "trigger"), DENIED, ids=lambda v: str(v)[:30])
def test_an_event_that_is_denied_and_not_confirmed_is_denied(text: str, core: str, trigger: str) -> None:
    assert told(text, core, trigger).veracity == "denied"


@pytest.mark.parametrize(("text", "core", "trigger"), STANDS, ids=lambda v: str(v)[:30])
def test_a_denied_part_in_it_leaves_the_event_standing(text: str, core: str, trigger: str) -> None:
    assert told(text, core, trigger).veracity == "reported"


@pytest.mark.parametrize(("lang", "text", "core", "trigger", "veracity"), FOREIGN, ids=lambda v: str(v)[:24])
def test_other_languages_claim_and_deny_in_their_own_words(
    lang: str, text: str, core: str, trigger: str, veracity: str
) -> None:
    assert told(text, core, trigger, lang).veracity == veracity


@pytest.mark.parametrize(
    ("text", "core", "trigger", "phase"),
    [
        ("Dutch to enter new lockdown on Sunday", "lockdown", "curfew", "announced"),
        ("Police told residents to stay in, curfew in force", "curfew", "curfew", "active"),
        ("Samoa lifts state of emergency", "state of emergency", "emergency_rule", "ended"),
        ("Some evacuation orders lifted", "evacuation orders", "evacuation", "ended"),
        ("Oslo will exit its lockdown in March", "lockdown", "curfew", "announced"),
        ("President ponders martial law in the south", "martial law", "emergency_rule", "threatened"),
        ("Fears of cholera in the camps", "cholera", "health_emergency", "threatened"),
        ("Emergency declared as cyclone approaches", "cyclone", "storm_flood_fire", "announced"),
        ("Cyclone kills nine on the coast", "Cyclone kills nine", "storm_flood_fire", "active"),
        ("Decision to pull troops out of the north", "pull troops out", "territory_change", "announced"),
        ("Street fighting in Orun has died down", "Street fighting", "ground_fighting", "ended"),
        ("Refinery blaze put out", "Refinery blaze", "industrial_transport_disaster", "ended"),
    ],
)
def test_words_close_by_tell_the_phase_where_no_rule_does(text: str, core: str, trigger: str, phase: str) -> None:
    assert told(text, core, trigger).phase == phase


def test_an_end_that_is_only_begun_is_not_yet_an_end() -> None:
    assert (
        told("Police begin clearing bridge blockade", "clearing bridge", "route_closure", phase="ended").phase
        == "active"
    )


def test_a_claim_about_another_place_stays_a_claim_beside_a_fact() -> None:
    text = "Capital shelled\n" + "Shells fell on Orun. " * 40 + "Elsewhere, the army said Tashir had been shelled too."
    assert told(text, "Tashir had been shelled", "air_strike").veracity == "claimed"


@pytest.mark.parametrize(
    ("title", "phase"),
    [
        ("Many feared dead after huge explosion at Orun refinery", "active"),
        ("Powerful earthquake strikes coast, prompts tsunami warning", "active"),
        ("Wildfire threatens homes as it grows", "active"),
        ("Earthquake rocks Orun, tsunami alert issued for the coast", "active"),
        ("Flood warning issued for the Orun valley", "announced"),
        ("Tsunami warning issued for the coast of Orun", "announced"),
    ],
)
def test_what_is_feared_of_an_event_that_struck_leaves_it_active(title: str, phase: str) -> None:
    (found,) = DETECTOR.detect([Document(title=title, lang="en")])
    assert {one.phase for one in found} == {phase}


@pytest.mark.parametrize(
    ("lang", "text", "core", "trigger", "phase"),
    [
        ("en", "The eruption of Taal ends after two weeks", "eruption of Taal", "earthquake_volcano", "ended"),
        ("en", "Clashes near the port ended on Monday", "Clashes", "ground_fighting", "ended"),
        ("en", "The street fights have not ended", "street fights", "ground_fighting", "active"),
        ("en", "Stay inside until the fighting in Orun stops", "fighting", "ground_fighting", "active"),
        ("en", "Rioters stopped trains", "Rioters", "violent_unrest", "active"),
        ("en", "Tunnel evacuated; police gave the all-clear", "evacuated", "evacuation", "ended"),
        ("en", "Tunnel evacuated, all-clear not given yet", "evacuated", "evacuation", "active"),
        ("en", "At least nine died in blasts from Monday's raid", "raid", "air_strike", "active"),
        ("es", "Cesan los combates en Orun", "combates", "ground_fighting", "ended"),
        ("es", "La marcha terminó en disturbios", "disturbios", "violent_unrest", "active"),
        ("es", "La isla recupera la luz tras el apagón", "apagón", "infrastructure_damage", "ended"),
        ("fr", "Les affrontements ont cessé", "affrontements", "ground_fighting", "ended"),
        ("fr", "Rabat fermera la frontière", "fermera la frontière", "border_closure", "announced"),
        ("de", "Werk geräumt, Feuerwehr gibt Entwarnung", "geräumt", "evacuation", "ended"),
        ("pt", "Cessaram os confrontos em Orun", "confrontos", "ground_fighting", "ended"),
        ("ru", "Столкновения прекратились", "Столкновения", "ground_fighting", "ended"),
        ("ru", "Столкновения не прекратились", "Столкновения", "ground_fighting", "active"),
        ("uk", "Зіткнення припинилися", "Зіткнення", "ground_fighting", "ended"),
        ("uk", "Румунія закриє кордон", "закриє кордон", "border_closure", "announced"),
        ("ar", "انتهت الاشتباكات", "الاشتباكات", "ground_fighting", "ended"),
        ("tr", "Çatışmalar sona erdi", "Çatışmalar", "ground_fighting", "ended"),
    ],
)
def test_a_verb_of_ending_or_of_the_future_tells_the_phase_of_its_own_event(
    lang: str, text: str, core: str, trigger: str, phase: str
) -> None:
    assert told(text, core, trigger, lang).phase == phase


@pytest.mark.parametrize(
    ("lang", "title", "phase"),
    [
        ("de", "Rom fordert Italiener zur Ausreise aus dem Tschad auf", "active"),
        ("de", "Behörden fordern Anwohner zum Verlassen ihrer Häuser auf", "active"),
        ("es", "Chile pide a sus ciudadanos abandonar Haití", "active"),
        ("tr", "İran, sınırı kapatmakla tehdit etti", "threatened"),
        ("ru", "Минск пригрозил закрыть границу с Литвой", "threatened"),
    ],
)
def test_a_call_to_leave_is_a_deed_and_a_threat_is_none(lang: str, title: str, phase: str) -> None:
    (found,) = DETECTOR.detect([Document(title=title, lang=lang)])
    assert {one.phase for one in found} == {phase}


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Ituri's rebels say they have seized army base in Bunia"),
        ("en", "Self-declared mayor says his fighters have taken the town of Orun"),
        ("fr", "Le JNIM annonce avoir pris la ville de Djibo"),
        ("tr", "HDK, Sudan'da Babanusa kentini ele geçirdiğini duyurdu"),
    ],
)
def test_a_party_to_a_war_claims_its_own_success(lang: str, title: str) -> None:
    (found,) = DETECTOR.detect([Document(title=title, lang=lang)])
    assert {(one.trigger, one.phase, one.veracity) for one in found} == {("territory_change", "active", "claimed")}


@pytest.mark.parametrize(
    "text",
    [
        "The minister denied that the king had fled and said that officers had seized power.",
        "The minister said an attempted coup had been thwarted, denying reports that the king had fled.",
        "The minister said an attempted coup had been thwarted and denied that the king had fled.",
        "The minister said an attempted coup had been thwarted. He dismissed claims that the king had fled.",
    ],
)
def test_who_asserts_one_thing_and_denies_another_does_not_deny_the_first(text: str) -> None:
    (found,) = DETECTOR.detect([Document(text=text, lang="en")])
    assert "denied" not in {one.veracity for one in found if one.trigger == "coup"}
