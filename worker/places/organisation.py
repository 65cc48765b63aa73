"""Names of places inside names of papers, clubs, banks, schools and treaties: they name no place."""

import re
from typing import Final

_LEADS: Final = re.compile(
    r"(?:\b(?:Bank|University|Church|Archbishop|Bishop|Duke|Duchess|Earl|Prince|Princess|Treaty|Voice|Bishopric"
    r"|Clube?|Instituto|Hospital|Diario|Diário|Jornal|Periódico|Giornale|Journal|Quotidien"
    r"|Universidad|Universidade|Université|Università|Universität|Banco|Banque|Banca) (?:of|of the|de|do|da|du|di|von) "
    r"|\b(?:Real|Atl[eé]tico|Inter|FC|AFC|RB|VfB|VfL|AC|AS|Borussia|Eintracht|Hertha|Bayern|Dynamo|Dinamo|Spartak|Zenit"
    r"|Olympique de|Deportivo|Shakhtar|Sporting|HMS|USS|MV) )$"
)
_FOLLOWS: Final = re.compile(
    r"(?: (?:Times|Post|Herald|Tribune|Gazette|Journal|Chronicle|Telegraph|Observer|Evening|Mail|Star|Globe|Examiner"
    r"|Inquirer|Dispatch|Courier|Argus|Bee|New Mexican|Daily|Magazine|Review|Press|Morning Herald|Airlines?|Airways"
    r"|United|Rovers|Wanderers|Albion|Hotspur|Villa|Wednesday|FC|CF|AFC|FK|Yankees|Mets|Giants|Jets|Knicks|Rangers"
    r"|Dodgers|Lakers|Clippers|Bulls|Cubs|White Sox|Red Sox|Celtics|Patriots|Bruins|Cowboys|Mavericks|Astros|Rockets"
    r"|Eagles|Phillies|Braves|Falcons|Hawks|Dolphins|Marlins|Chiefs|Royals|Steelers|Pirates|Ravens|Orioles|Packers"
    r"|Bucks|Twins|Vikings|Tigers|Lions|Pistons|Browns|Cavaliers|Bengals|Reds|Colts|Pacers|Titans|Panthers|Saints"
    r"|Raiders|Kings|Padres|Seahawks|Mariners|Blazers|Nuggets|Broncos|Maple Leafs|Raptors|Canucks|Oilers|Flames"
    r"|University|College|Institute|Stock Exchange|Symphony|Philharmonic|Orchestra|Corp|Inc|Ltd|Motors"
    r"|Declaration|Agreement|Accords?|Treaty|Protocol|Convention|Marathon|Open|Grand Prix|Film Festival|Fashion Week"
    r"|München|Zeitung|Rundschau|Anzeiger)\b(?! (?:of|in|near)\b)|(?: |-)Klasse\b| \d{1,3}\b(?![.,]?\d)(?! ?%))"
)
_CLUBS: Final = re.compile(
    r"(?:Manchester|Leicester|Norwich|Hull|Stoke|Cardiff|Swansea|Bristol) City\b"
    r"(?! (?:Council|Hall|Centre|Airport|Region))"
)
_ROADS: Final = frozenset({"US", "U.S", "U.S."})


def organised(text: str, start: int, end: int) -> bool:
    """Whether the name at ``start:end`` belongs to a paper, a club, a school, a treaty or a numbered road."""
    after = _FOLLOWS.match(text, end + (text[end : end + 1] == "." and text[start:end] == "U.S"))
    if after and (not after.group().strip()[:1].isdigit() or text[start:end] in _ROADS):
        return True
    if _CLUBS.match(text, start):
        return True
    return led(text, start)


def led(text: str, start: int) -> bool:
    """Whether words before the name at ``start`` make it part of the name of a bank, a school, a paper or a club."""
    return bool(_LEADS.search(text[max(start - 24, 0) : start]))
