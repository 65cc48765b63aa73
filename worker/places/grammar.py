"""What a name does in its sentence: the scene, the one who acts or speaks, the target, the origin, the destination."""

from typing import Final, Literal, NamedTuple

from worker.places.choose import Named
from worker.places.sight import Word

Cue = Literal["scene", "target", "origin", "goal", "agent", "speaker", "nationals", "bare", "link"]


class Told(NamedTuple):
    """A named place with its part in the sentence and the sentence's number."""

    named: Named
    cue: Cue
    sentence: int


_SCENE: Final = frozenset(
    """in at near outside around across inside throughout over within off along amid
    en cerca sobre à au aux près dans chez im bei nahe auf über ueber nel nella nello nei nelle al alla presso su sulla sul ad
    em no na nos nas perto в во у под над около возле біля під на по na w we pod i på vid ved nära nær nara di
    في قرب على te ta da de""".split()
)
_TARGET: Final = frozenset("on against into onto contra contre gegen contro по на проти против على ضد upon".split())
_ORIGIN: Final = frozenset("from out desde depuis aus von dal dalla из із з от від من".split())
_GOAL: Final = frozenset("to towards toward for into hacia vers nach verso para к до إلى".split())
_LINK: Final = frozenset("with by between of con avec mit com с з by".split())
_SKIP: Final = frozenset(
    """the a an el la los las le les l der die das den dem il lo gli i o os as al
    north south east west northern southern eastern western northeastern northwestern southeastern southwestern central
    northeast northwest southeast southwest downtown nearby occupied war torn rebel held neighbouring neighboring city town
    village region province state capital port district county island islands norte sur sud nord este oeste est ouest
    del della dello dell du des de d северном южном восточном западном город городе районе области місті the country s
    ciudad ville stadt città cidade region région región provincia province coast costa parts many several upper lower
    besieged separatist controlled government mainland greater much most all whole ganz teile""".split()
)
_FORCES: Final = frozenset(
    """warplane warplanes warplane's forces force troops army military strike strikes airstrike airstrikes air jets jet drone
    drones missile missiles soldiers navy government officials official president minister ministry premier pm authorities
    intelligence diplomats embassy leader leaders attack attacks offensive bombing bombings bombardment shelling shells
    artillery rocket rockets mercenaries backed led aggression assault raid raids airstrike's invasion incursion tanks
    fighters militia militias aircraft planes helicopters warships warship threat threats settlers envoy consulate
    fire regime command defence defense general generals commander spokesman spokesperson operation operations
    chancellor king parliament senate lawmakers court ambassador lines airlines airline
    ejército fuerzas ataque ataques bombardeo bombardeos armée frappes frappe raids forces bombardements attaque attaques
    armee angriff angriffe luftangriff luftangriffe truppen streitkräfte esercito raid attacchi forze bombardamenti
    войска армия военные удар удары удара атака авиация дроны війська армія удари удар обстріл обстрелы
    الجيش قوات غارات طائرات قصف""".split()
)
_NATIONALS: Final = frozenset(
    """citizens nationals tourists travellers travelers passengers residents expats students families personnel staff
    people woman man journalist refugees migrants immigrants national citizen teen couple missionaries""".split()
)
_SPEAK: Final = frozenset(
    """says said say warns warned urges urged accuses accused condemns condemned denies denied calls called confirms
    confirmed claims claimed threatens threatened vows vowed considers weighs seeks wants asks asked tells told demands
    agrees rejects believes fears hopes expects insists pledges promises backs supports welcomes slams blames blamed
    offers sends signs joins votes eyes mulls plans reports announces announced decries criticises criticizes
    dice dijo advierte acusa dit avertit accuse sagt warnt wirft dice avverte accusa заявил заявила заявляет говорит
    сообщил قال قالت""".split()
)
_ACT: Final = frozenset(
    """strikes struck bombs bombed shells shelled attacks attacked pounds pounded fires fired launches launched invades
    invaded invade carries carried targets targeted hits hit kills killed raids raided captures captured seizes seized
    takes took advances storms stormed fire launch carry bombard bombards bombarded annexes annexed steps drops dropped
    ataca atacó bombardea bombardeó attaque bombarde frappe greift griff bombardiert attacca bombarda colpisce
    ударила ударил атаковала атаковал обстреляла нанес нанесла нанесли атакует вдарила завдала قصفت قصف شنت""".split()
)
_OBJECT: Final = frozenset(
    """strikes struck bombs bombed shells shelled attacks attacked pounds pounded invades invaded invade targets targeted
    hits hit hitting raids raided captures captured seizes seized storms stormed rocks rocked shakes shook batters battered
    leave leaves left flee fled fleeing flees enters entered enter retake retakes recapture bombing shelling attacking striking
    pounding hammers lashes slams ravages devastates swamps rattles jolts grips besieges quit exit evacuate evacuates
    ataca bombardea golpea azota sacude frappe touche secoue trifft erschüttert colpisce scuote атаковал обстреляла""".split()
)


def cue(run: list[Word], named: Named) -> Cue:
    """The part that the name plays, by the words beside it."""
    sight, kind = named.sight, named.spot.kind
    before = _before(run, sight.first)
    after = _after(run, sight.last)
    if kind in ("demonym", "actor") or after in _FORCES:
        if kind != "demonym" and kind != "actor" and before in _SCENE:
            return "scene"
        if after in _FORCES or kind == "actor":
            return "agent"
        return "nationals" if after in _NATIONALS else "bare"
    if before in _ORIGIN:
        return "origin"
    if before in _TARGET or before in _OBJECT:
        return "target"
    if before in _SCENE:
        return "scene"
    if before in _GOAL:
        return "goal"
    if before in _LINK:
        return "link"
    if after in _SPEAK:
        return "speaker"
    if after in _ACT:
        return "agent"
    return "bare"


def _before(run: list[Word], first: int) -> str:
    at = first - 1
    while at >= 0 and at >= first - 4 and run[at].folded in _SKIP:
        at -= 1
    return run[at].folded if at >= 0 else ""


def _after(run: list[Word], last: int) -> str:
    at = last
    if at < len(run) and run[at].folded == "s":
        at += 1
    while (
        at < len(run)
        and at < last + 2
        and run[at].folded in ("led", "backed", "made", "has", "have", "had", "will", "to")
    ):
        at += 1
    return run[at].folded if at < len(run) else ""
