"""Documents of warning services, in our own words and in their forms."""


def cap(**given: str) -> bytes:
    """One CAP 1.2 alert; an empty value leaves its element out."""
    said = {"status": "Actual", "msgType": "Alert", "sent": "2026-03-01T11:00:00-00:00", **given}
    info = {
        "language": "en-US",
        "category": "Met",
        "event": "Flood Warning",
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Likely",
        "headline": "Flood Warning for the lower valley",
        "description": "The river stands above its banks.",
        **{k: v for k, v in given.items() if k not in ("status", "msgType", "sent", "area", "inner")},
    }
    area = given.get("area", "<areaDesc>Homs</areaDesc><circle>34.73,36.72 25</circle>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>urn:warning:1</identifier><sender>warnings.example</sender><sent>{said['sent']}</sent>"
        f"<status>{said['status']}</status><msgType>{said['msgType']}</msgType><scope>Public</scope>"
        "<info><language>xx-XX</language><event>in another tongue</event></info>"
        f"<info>{''.join(f'<{k}>{v}</{k}>' for k, v in info.items() if v)}<area>{area}</area></info></alert>"
    ).encode()


CAP_ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"
 xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2">
<title>Warnings</title><entry><id>urn:warning:2</id><title>Tornado Warning issued for the plains</title>
<link rel="alternate" href="https://warnings.example/2"/><updated>2026-03-01T11:00:00+00:00</updated>
<summary>Take shelter now.</summary><cap:event>Tornado Warning</cap:event>
<cap:expires>2026-03-01T15:00:00+00:00</cap:expires>
<cap:status>Actual</cap:status><cap:message_type>Alert</cap:message_type><cap:category>Met</cap:category>
<cap:urgency>Immediate</cap:urgency><cap:severity>Extreme</cap:severity><cap:certainty>Observed</cap:certainty>
<cap:areaDesc>Adams; Boone</cap:areaDesc>
<cap:polygon>40.0,-100.0 41.0,-100.0 41.0,-99.0 40.0,-99.0</cap:polygon></entry>
<entry><id>urn:warning:3</id><title>A word of thanks</title>
<updated>2026-03-01T11:00:00+00:00</updated></entry></feed>"""
QUAKES = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"
 xmlns:georss="http://www.georss.org/georss">
<title>Quakes</title><entry><id>urn:quake:1</id><title>M 6.1 - 20 km S of somewhere</title>
<link rel="alternate" href="https://quakes.example/1"/><updated>2026-03-01T11:00:00Z</updated>
<georss:point>34.70 36.70</georss:point><georss:elev>-10000</georss:elev></entry></feed>"""
GDACS = b"""<?xml version="1.0"?><rss version="2.0" xmlns:gdacs="http://www.gdacs.org"
 xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#">
<channel><title>Disasters</title><item><title>Red tropical cyclone alert</title><link>https://disasters.example/9</link>
<guid>TC9</guid><pubDate>Sun, 01 Mar 2026 11:00:00 GMT</pubDate>
<geo:Point><geo:lat>18.5</geo:lat><geo:long>-72.3</geo:long></geo:Point>
<gdacs:eventtype>TC</gdacs:eventtype><gdacs:alertlevel>Red</gdacs:alertlevel><gdacs:country>Haiti</gdacs:country>
<gdacs:severity unit="km/h" value="230">Category 4 (230 km/h)</gdacs:severity></item></channel></rss>"""
