"""What stands between a program and an article: a paywall's stub, a consent page, a test for robots.

A stub is read, for its first sentences are news; the text of a consent page or a test is none at all.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from worker.articles.model import Wall

STUB: Final = 3_000
SHORT: Final = 2_500
_PAYWALL: Final = re.compile(
    r"subscribe (?:now )?to (?:continue|keep|read)|(?:already a|for) subscribers?[ ?]|subscription is required"
    r"|subscriber[- ]only|to continue reading|register to read|sign in to (?:continue|read)|log in to read"
    r"|nur für abonnent|exklusiv für abonnent|jetzt weiterlesen|weiterlesen mit|mit .{1,20}abo weiterlesen|plus-artikel"
    r"|réservée? (?:à nos|aux) abonnés|abonnez-vous pour|la suite est réservée|il vous reste \d{1,2} ?% de cet article"
    r"|(?:contenido|exclusivo) (?:exclusivo )?para suscriptores|suscríbete para|para seguir leyendo"
    r"|(?:conteúdo|exclusivo) (?:exclusivo )?para assinantes|assine para|riservato agli abbonati"
    r"|abbonati per (?:continuare|leggere)|alleen voor abonnees|voor abonnees|för prenumeranter|logga in för att läsa"
    r"|tylko dla (?:prenumeratorów|subskrybentów)"
    r"|только (?:для|по) подпис|оформите подписку|лише для передплатник|للمشتركين فقط|仅限订阅|会員限定|有料会員",
    re.IGNORECASE,
)
_CONSENT: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bcookies?\b|куки|ملفات تعريف الارتباط|クッキー",
        r"accept all|reject all|alle akzeptieren|alle ablehnen|tout accepter|tout refuser|aceptar todo|rechazar todo"
        r"|accetta tutto|alles accepteren|zaakceptuj|принять все|прийняти всі|aceitar tud",
        r"before you continue|consent|einwilligung|zustimm|consentement|consentimiento|consenso|toestemming|zgod"
        r"|согласи|згод",
        r"our partners|unsere partner|nos partenaires|nuestros socios|i nostri partner|onze partners|наши партн[её]ры"
        r"|personali[sz]ed ads|personalisierte werbung|publicités personnalisées|store and/or access information",
    )
)
_CHALLENGE: Final = re.compile(
    r"verify (?:that )?you are (?:a )?human|checking your browser|just a moment\.\.\.|are you a robot|unusual traffic"
    r"|enable javascript and cookies|access (?:to this page has been )?denied|request (?:was )?blocked"
    r"|pardon our interruption|подтвердите, что вы не робот",
    re.IGNORECASE,
)
_CONSENT_HOST: Final = re.compile(r"(?:^|\.)(?:consent|myprivacy|privacy-gate|cookie-?consent)\.|(?:^|\.)consent$")
_CONSENT_PATH: Final = re.compile(
    r"/(?:collectconsent|consent|cookie-?wall|privacy-?gate|privacy-?wall)\b", re.IGNORECASE
)


def wall(url: str, title: str, text: str, free: bool | None) -> Wall:
    """What this page puts before its article; ``url`` is where the request ended, ``free`` what the page says."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if _CONSENT_HOST.search(parts.hostname or "") or _CONSENT_PATH.search(parts.path):
        return "consent"
    if len(text) < SHORT:
        if _CHALLENGE.search(f"{title}\n{text[:600]}"):
            return "challenge"
        if sum(bool(p.search(text)) for p in _CONSENT) >= 3:
            return "consent"
    if len(text) < STUB and (free is False or _PAYWALL.search(text[-600:])):
        return "paywall"
    return ""
