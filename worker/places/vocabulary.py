"""The words beside a name that tell its part in the sentence, folded, for the languages of the lexicons."""

from typing import Final

from worker.places.names import Words, fold


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


SCENE: Final = _folded(
    """in at near outside around across inside throughout over within off along hits hitting via en cerca sobre à au
    aux près dans chez im bei nahe auf über nel nella nello nei nelle nell al alla presso su sulla sul ad em no na nos
    nas perto в во у під под над около возле біля на по недалеко поблизу w we pod i på vid ved nära nær di في قرب
    بالقرب داخل ta te da kentinde utenfor utanför udenfor nabij bij koło poblíž nedaleko dekat"""
)
TARGET: Final = _folded("on into onto upon على")
AGAINST: Final = _folded("against contra contre gegen contro проти против ضد karşı")
ORIGIN: Final = _folded(
    "from out desde depuis aus von dal dalla dall из із з от від من fleeing flee fled leave leaving"
)
GOAL: Final = _folded("to towards toward for hacia vers nach verso para к до إلى")
LINK: Final = _folded("amid with by between con avec mit com с by bordering via through")
OF: Final = frozenset({"of", "de", "del", "d", "di", "du", "da", "do", "della", "von", "dell"})
BORDER: Final = _folded(
    """border borders frontier crossing crossings checkpoint checkpoints frontera fronteras frontière grenze confine
    fronteira граница границу границы границе границей кордон кордону кордоні кордоном sınır sınırı sınırında
    sınırındaki sınırına sınırından frontières fronteiras confini grenzen الحدود حدود"""
)
NEIGHBOUR: Final = _folded(
    """bordering borders abutting adjoining limítrofe limítrofes fronterizo fronteriza fronterizos fronterizas
    colindante frontalier frontalière frontaliers frontalières limitrophe limitrophes confinante fronteiriço fronteiriça
    angrenzend angrenzende grenzend grenzt граничащий граничащая граничащей граничащую граничит межує المحاذية
    المجاورة المتاخمة"""
)
"""Said of a place on this side; the country that follows lies beyond: a province bordering Chad."""
SIDES: Final = _folded(
    """with to of con com avec mit zu zum zur an с со з із مع de del du da do della dell dello d al à aux col the la
    le el l il lo o a"""
)
"""What leads from a border to the country beyond it: the border with Chad, la frontera con Haití."""
GUARDS: Final = _folded(
    "guard guards police agent agents officer officers official officials troops forces service town"
)
SKIP: Final = _folded(
    """the an a el la los las le les l der die das den dem il lo gli i o os as al ال north south east west northern
    southern eastern western northeastern northwestern southeastern southwestern central northeast northwest
    southeast southwest downtown nearby occupied war torn rebel held neighbouring neighboring city town village
    region province state capital port district county island islands norte sur sud nord este oeste est ouest dello
    des северном южном восточном западном город городе городу районе области місті країни ciudad ville stadt città
    cidade région región provincia coast costa parts many several upper lower besieged separatist controlled
    government mainland greater much most all whole ganz teile city's north-west mainland's suburb suburbs outskirts
    southern northernmost war-torn disputed remote rural enclave peninsula valley مدينة محافظة"""
)
ADJECTIVE_LAST: Final = frozenset({"es", "fr", "it", "pt", "ar", "fa", "ro", "ca"})
"""Languages whose adjectives stand behind the noun: ejército ruso."""
FORCES: Final = _folded(
    """commando commandos bomb bombs special warplane warplanes force forces troops army military strike strikes
    airstrike airstrikes air jets jet drone drones missile missiles soldiers soldier navy government officials
    official president minister ministry premier pm authorities intelligence diplomats embassy leader leaders attack
    attacks offensive bombing bombings bombardment shelling shells artillery rocket rockets mercenaries
    aggression assault raid raids invasion incursion tanks fighters militia militias aircraft planes helicopters
    warships warship threat threats settlers envoy consulate fire regime command defence defense general generals
    commander spokesman spokesperson operation operations chancellor king parliament senate lawmakers court ambassador
    lines airlines airline talks relations ties sanctions summit admiral marines hackers negotiators foreign occupied
    occupation separatists proxies ejército fuerzas ataque ataques bombardeo bombardeos armée frappes frappe
    bombardement ofensiva offensiva misil misiles míssil mísseis dron ejercito exército forças bombardeio bombardeios
    bombardamento tropas troupes soldados soldats soldati missili غارة قصف هجوم bombardements attaque attaques aérea
    aéreo armee angriff angriffe luftangriff luftangriffe truppen streitkräfte militär raketen drohnen esercito
    attacchi forze bombardamenti войска войск армия армии военные военных удар удары удара атака атаки авиация дроны
    дронов ракеты ракет армія сили удари обстріл обстрели обстрелы оккупанты окупанти війська القوات الجيش قوات غارات
    طائرات ordusu güçleri saldırısı hava angrep angrepet angrepene angrepp angreppet angreppen angreb angrebet
    angrebene anfall luftangrep flyangrep luftangrepp flyganfall luftangreb offensiven styrker styrkene styrkor
    styrkorna trupper troppene soldater soldatene hæren hären armén militæret regjeringen regeringen stridsvagnar
    stridsvogner flygvapnet rakettangrep robotanfall leger troepen aanval aanvallen luchtaanval luchtaanvallen
    offensief raketten wojska wojsko siły armia atak ataki nalot naloty rakiety drony samoloty ofensywa rząd vojska
    vojáci síly armáda útok útoky nálet nálety ofenziva vláda"""
)
BACKING: Final = _folded("backed led allied sponsored brokered mediated supported supplied funded trained")
"""Right behind a land these tell whose side somebody is on: US-backed forces, the Saudi-led coalition."""
HOLDING: Final = BACKING | _folded("held occupied controlled annexed installed")
"""The same, right behind an adjective: the Russian-held bank."""
ABROAD: Final = frozenset({"RU", "US", "IL", "GB", "FR", "SA", "TR", "IR"})
"""States whose forces fight outside their country: they alone do not tell where."""
RAVAGED: Final = frozenset(
    {"SY", "YE", "AF", "IQ", "LY", "SO", "ML", "BF", "NE", "SD", "SS", "CF", "CD", "PS", "LB", "MM", "HT"}
)
"""States that are bombed and fought over, by others or by their own: a Syria airstrike is one there."""
RAIDS: Final = _folded(
    """strike strikes airstrike airstrikes air raid raids bombing bombings bombardment shelling offensive assault war
    fighting siege ceasefire truce crisis conflict battle"""
)
"""Behind a land's name: what is done there, or what its forces do elsewhere."""
TALKS: Final = _folded("talks summit conference negotiations accord accords convention conventions communique forum")
"""Behind a name: who met there, while what they spoke about is elsewhere."""
TROOPS: Final = _folded(
    """soldier soldiers troops troop forces army military invader invaders occupier occupiers occupants jet jets
    warplane warplanes drone drones missile missiles rocket rockets shell shells shelling bomb bombs tanks marines
    commandos
    mercenaries sniper snipers soldado soldados tropas ejército soldat soldats troupes armée soldaten truppen armee
    soldati truppe esercito войска войск армия солдаты військові війська солдати"""
)
"""Behind an adjective: those who may be far from the land that they are called after."""
NATIONALS: Final = _folded(
    """citizens nationals tourists travellers travelers passengers residents expats students families personnel staff
    people woman man journalist journalists refugees migrants immigrants national citizen teen couple missionaries
    tourist operated owned flagged born registered tanker ship vessel workers footballer player officer translators"""
)
SPEAK: Final = _folded(
    """says said say warns warned urges urged accuses accused condemns condemned denies denied calls called confirms
    confirmed claims claimed threatens threatened vows vowed considers considering weighs seeks wants asks asked tells
    told demands agrees rejects believes fears hopes expects insists pledges promises backs supports welcomes slams
    blames blamed offers sends signs joins votes eyes mulls plans reports announces announced decries criticises
    criticizes dice dijo advierte acusa dit avertit accuse sagt warnt wirft avverte accusa заявил заявила заявляет
    говорит сообщил сообщила заявив повідомив قال قالت أعلنت açıkladı sier säger siger zegt mówi twierdzi říká hevder
    hävdar hævder varsler varnar advarer waarschuwt ostrzega varuje truer hotar dreigt grozi hrozí"""
)
ACT: Final = _folded(
    """strikes struck bombs bombed shells shelled attacks attacked pounds pounded fires fired launches launched
    invades invaded invade carries carried targets targeted hits hit kills killed raids raided captures captured
    seizes seized takes took advances storms stormed launch carry bombard bombards bombarded annexes annexed steps
    drops dropped bombing attacking shelling striking invading amassed masses slaughter slaughters slaughtered
    massacre massacred abduct abducts abducted kidnapped tortured executed evacuating evacuate evacuates evacuated
    airlifts withdraws withdraw pulls pull rushes deploys deploy strike intensifies pummels blasts readies keeps ataca
    atacó bombardea bombardeó attaque bombarde greift griff bombardiert attacca bombarda ударила ударил атаковала
    атаковал обстреляла обстрелял нанес нанесла нанесли атакует вдарила завдала обстріляли قصفت قصف شنت vurdu
    bombaladı angriper angriber anfaller bombet bombar bomber bombade bombardeert bombarduje bombardują atakuje
    atakują útočí skyter skjuter"""
)
OBJECT: Final = _folded(
    """strike hit bomb attack shell invade strikes struck bombs bombed shells shelled attacks attacked pounds pounded
    invades invaded invade targets targeted hits hit hitting raids raided captures captured seizes seized storms
    stormed rocks rocked shakes shook batters battered flees enters entered enter retake retakes recapture bombing
    shelling attacking striking quit reoccupying attack pounding hammers lashes slams ravages devastates swamps
    rattles jolts grips besieges annexes annexing force forces forced exit occupy annex invading engulfs engulf
    plunges sweeps sweep ataca bombardea golpea azota sacude frappe touche secoue trifft erschüttert colpisce scuote
    атаковал атаковали обстреляла обстреляли vurdu"""
)
AWAY: Final = _folded(
    """since than unlike like accuses accused accusing blames blamed blaming sanctions condemns condemned sanctioning
    acusa accuse beschuldigt accusa обвинил обвинила обвиняет"""
)
CAMP: Final = _folded("pro anti про анти")
"""Before the name of those whom somebody is for or against, wherever that is: pro-Gaza protesters."""
MISSIONS: Final = _folded(
    """embajada embajadas consulado ambassade ambassades consulat botschaft botschaften konsulat generalkonsulat
    ambasciata consolato embaixada посольство посольства посольству посольстве посольством консульство консульства
    السفارة سفارة القنصلية قنصلية büyükelçiliği elçiliği konsolosluğu ambassaden ambassad konsulatet ambasada ambasadę
    ambasady velvyslanectví kedutaan"""
)
"""What a state keeps in another: la embajada de Brasil, das deutsche Generalkonsulat; in English see ``FORCES``."""
EMBLEMS: Final = _folded("flag flags banner banners anthem passport passports")
"""Behind an adjective: the Russian flag is raised elsewhere too."""
SEATED: Final = _folded(
    """based headquartered sede sitz ansässig ansässige ansässigen ansässiger базирующийся базирующаяся базирующиеся
    базирующееся базирующегося базирующейся merkezli"""
)
"""Where somebody who speaks has an office: based in London, con sede en Londres, in London ansässig."""
AREA: Final = _folded(
    """city cities town towns village villages region province state district metropolis enclave port capital suburb
    suburbs island area areas outskirts part parts coast north south east west streets skies shores centre center
    middle vicinity territory waters peninsula ciudad pueblo localidad provincia costa región barrio norte sur este
    oeste ville région province côte nord sud est ouest banlieue stadt region küste norden süden osten westen città
    provincia costa regione cidade litoral campo puerto port aeropuerto aéroport aeroporto flughafen porto airport
    base"""
)
"""What stands before of and a name: the city of Homs, la ville d'Alep."""
URGED: Final = _folded(
    "urges urged urging asks asked tells told warns warned warning pide exhorte fordert чтобы призвал призвала chiede"
)
OVER: Final = _folded("over по из-за")
STORMS: Final = _folded(
    "hurricane typhoon cyclone storm tropical ouragan huracán hurrikan typhon tifón тайфун ураган sturm uragano"
)
TITLES: Final = _folded(
    "mr mrs ms dr sir dame lord lady sen senator prof professor rev justice señor herr frau madame monsieur"
)
OFFICES: Final = _folded(
    """mayor sheriff bishop judge captain capt sgt sergeant lt lieutenant pastor father coach detective officer deputy
    superintendent senator congressman congresswoman councillor alderman justice imam rabbi alcalde maire sindaco
    bürgermeister мэр"""
)
"""Before a name and another they make a person of both: Mayor Jackson Cole."""
HAPPENING: Final = _folded(
    """invasion incursion siege bombing bombings blast explosion attack attacks shelling offensive raid raids strike
    strikes airstrike airstrikes ceasefire truce war crisis conflict fighting clashes assault occupation bombardment
    air missile drone rocket fire threat operation bomb bombs"""
)
"""After a town's name these tell what happened there, not who did it."""
MEETING: Final = _folded(
    """talks summit meet meets meeting met conference land lands landed arrive arrives arrived speaking begin begins
    resettled"""
)
PRESSURE: Final = _folded("sanctions pressure tariffs embargo dependence reliance focus fears claims concern ban")
DRIFT: Final = _folded("led backed made has have had will to is was are were s also reportedly again may could would")
"""Words skipped between a name and its verb."""
GENERIC: Final = _folded(
    """airport port police harbour harbor hospital university city state province county region district valley island
    islands river bay beach bridge station square park mountain mountains border crossing strait sea lake coast
    desert hills heights residents officials authorities government parliament premier governor mayor court fire
    storm storms floods flood flooding earthquake wildfire wildfires shooting attack attacks blast bombing protest
    protests lockdown outbreak cbd suburbs town village street road highway metro north south east west records
    reports lifts extends declares orders braces hit hits closes shuts evacuated evacuates bushfires fires crash and
    in on at to of for is was are were as after amid under faces sees covid coronavirus health emergency says church
    school schools mall riots riot curfew explosion train rail tube market area zoo tunnel siege under-fire reveals
    plans"""
)
AND: Final = frozenset(
    {",", "and", ", and", "-", "–", "/", "&", "y", "e", "et", "und", "и", "та", "і", "ve", "و", "、", "和", "och", "og"}
)
"""What joins places named in one breath."""


def acts(run: Words, last: int) -> bool:
    """Whether the name that ends before word ``last`` speaks, fights or has forces that do."""
    after = follower(run, last)
    return after in SPEAK or after in FORCES or after in ACT


def follower(run: Words, last: int) -> str:
    """The folded word after a name, past auxiliaries; empty where a comma or a stop parts them."""
    if last and not run.tight[last - 1]:
        return ""
    at = last
    while at < len(run.texts) and at < last + 3 and run.folded[at] in DRIFT:
        at += 1
    return run.folded[at] if at < len(run.texts) else ""
