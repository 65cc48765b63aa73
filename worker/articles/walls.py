"""What stands between a program and an article: a paywall's stub, a consent page, a test for robots.

A stub is read, for its first sentences are news; the text of a consent page or a test is none at all.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from worker.articles.model import Wall

STUB: Final = 3_000
SHORT: Final = 2_500
# A box beside the article speaks of a wall only where so little of the article is there.
SCRAP: Final = 1_200
_PAYWALL: Final = re.compile(
    r"subscribe (?:now )?to (?:continue|keep|read|unlock)|already a subscriber|is for subscribers|for subscribers only"
    r"|subscription is required|subscriber[- ](?:only|exclusive)|to continue reading|register to (?:read|continue)"
    r"|sign in to (?:continue|read)|log in to (?:continue|read)|this is a premium article|start your free trial"
    r"|(?:reached|used) (?:your|all|the) .{0,20}free articles?"
    r"|nur für abonnent|exklusiv für abonnent|(?:jetzt|mit .{1,20}abo) weiterlesen|mit \S{1,20}(?:\+|plus) weiterlesen"
    r"|weiterlesen mit \S{0,20}(?:\+|plus|abo)|plus-artikel|gehört zum angebot von"
    r"|réservée? (?:à nos|aux) abonnés|abonnez-vous pour|pour lire la suite"
    r"|il vous reste \d[\d.,]{0,4} ?% de cet article"
    r"|(?:contenido|exclusivo|solo) (?:exclusivo )?para suscriptores|suscríbete para|para seguir leyendo"
    r"|(?:conteúdo|exclusivo|só) (?:exclusivo )?para assinantes|exclusivo assinantes|assine para|para continuar a ler"
    r"|riservato agli abbonati|abbonati per (?:continuare|leggere)|per continuare a leggere"
    r"|alleen voor abonnees|voor abonnees|lees verder met|för (?:våra )?prenumeranter|logga in för att läsa"
    r"|(?:kun|bare) for abonnente?r|for at læse videre|for å lese (?:videre|hele)|vain tilaajille"
    r"|(?:tylko )?dla (?:prenumeratorów|subskrybentów)|w prenumeracie|pozostało \d[\d.,]{0,4} ?% artykułu"
    r"|(?:pouze|jen) pro předplatitele|předplaťte si|csak előfizető|előfizetőknek|για συνδρομητές|abonelere özel"
    r"|только (?:для|по) подпис|доступ\w* только подписчик|оформите подписку|для передплатник"
    r"|للمشتركين فقط|للاستمرار في القراءة|למנויים בלבד|khusus pelanggan|केवल सदस्यों के लिए"
    r"|仅限订阅|订阅后|只供訂閱|訂閱後|会員限定|有料会員|구독자 전용|유료 회원",
    re.IGNORECASE,
)
# What a consent page speaks of, whatever its language: tracking, a button, the consent, and who else gets the data.
_CONSENT: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:cookies?|tracking)\b|куки|çerez|ملفات تعريف الارتباط|クッキー|쿠키",
        r"\b(?:accept|reject|allow|agree to) all|\bi (?:accept|agree)\b|alle (?:akzeptieren|ablehnen|zulassen)"
        r"|akzeptieren und weiter|zum akzeptieren|zustimmen und weiter|\b(?:accepter|refuser)\b"
        r"|s.abonner pour refuser"
        r"|(?:aceptar|rechazar|aceitar|rejeitar|recusar) (?:tod|tud|y |e )|(?:accetta|rifiuta) (?:tutt|e )"
        r"|alles accepteren|akkoord|akceptuj|przejdź do serwisu|přijmout|souhlasím|godkänn|acceptera|godta"
        r"|hyväksy|elfogad|αποδοχή|kabul et|принять все|прийняти|同意する|すべて許可|모두 동의|قبول الكل",
        r"before you continue|consent|your privacy|einwilligung|zustimm|datenschutz|votre accord|consentimiento"
        r"|consenso|tu aceptación|consentimento|toestemming|zgod|prywatność|soukromí|souhlas|samtyck|samtykke|suostumus"
        r"|hozzájárul|συγκατάθεση|gizlilik|onay|согласи|згод|プライバシー|개인정보|موافقت",
        r"\b(?:our|\d{2,4}) (?:\w+ )?(?:partners|vendors)|(?:mit|ohne) werbung|unsere partner|\d{2,4} partner"
        r"|partenaires|\bsocios|terze parti|nostri partner|parceiros|onze partners|partnerzy|partneři|våra partner"
        r"|vores partner|kumppani|partnerei|συνεργάτες|ortaklar|партн[её]р|パートナー|파트너|شركا"
        r"|personali[sz]ed ads|personalisierte werbung|publicités personnalisées|store and/or access information",
    )
)
_CHALLENGE: Final = re.compile(
    r"(?:verify|confirm) (?:that )?you are (?:a )?human|checking your browser|just a moment\.\.\.|are you a robot"
    r"|you(?:'re| are) not a robot|unusual (?:traffic|activity from)|enable javascript and cookies"
    r"|enable js and disable any ad|access (?:to this page has been )?denied|request (?:was )?(?:blocked|unsuccessful)"
    r"|pardon our interruption|подтвердите, что вы не робот|ロボットではないことを確認|请完成安全验证|로봇이 아닙니다",
    re.IGNORECASE,
)
_CONSENT_HOST: Final = re.compile(r"(?:^|\.)(?:consent|myprivacy|privacy-gate|cookie-?consent)\.|(?:^|\.)consent$")
_CONSENT_PATH: Final = re.compile(
    r"/(?:collectconsent|consent|zustimmung|cookie-?wall|privacy-?gate|privacy-?wall)\b", re.IGNORECASE
)


def wall(url: str, title: str, text: str, free: bool | None, gate: str = "") -> Wall:
    """What this page puts before its article; ``url`` is where the request ended, ``free`` what the page says.

    ``gate`` are words beside the article that may ask for a subscription.
    """
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
    if len(text) < SCRAP and not free and _PAYWALL.search(gate):
        return "paywall"
    return ""
