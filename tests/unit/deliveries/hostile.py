"""Texts that somebody might put into a feed to break what shows them."""

from hypothesis import strategies as st

from tests.support.notices import evidence
from worker.alerts.model import Alert
from worker.places.model import Place

BITS = [
    "@everyone", "@here", "<!channel>", "<@U024BE7LH>", "<https://evil.example|click>", "[click](https://evil.example)",
    "**bold**", "```", "~~", "||hidden||", "</b><script>alert(1)</script>", "<at>all</at>", "&amp;", "]]>", "<![CDATA[",
    "\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\x00", "\x1b[31m", "\n", "\r\n\r\n", "\t", "\ufffe", "\\",
    "🚨", "👩‍👩‍👧", "中文", "العربية", "Z͑ͫ̓a", "'", '"', "`", "_", "#", "> ", "- ", "1. ", "%s", "{{x}}", "a", " ",
]  # fmt: skip
texts = st.lists(st.sampled_from(BITS), max_size=12).map("".join)
long_texts = st.tuples(texts, st.sampled_from([1, 40, 3000])).map(lambda pair: pair[0] * pair[1])
urls = st.sampled_from(
    [
        "",
        "https://news.example/a(b)|c",
        "javascript:alert(1)",
        "https://news.example/" + "x" * 3000,
        "https://é.example/<>",
    ]
)
places = st.builds(
    Place,
    name=long_texts,
    country=st.sampled_from(["", "JO"]),
    lat=st.none() | st.floats(-90, 90, allow_nan=False),
    lon=st.none() | st.floats(-180, 180, allow_nan=False),
    precision=st.sampled_from(["point", "city", "region", "country"]),
)


def hostile(base: Alert) -> st.SearchStrategy[Alert]:
    """The alert with whatever a feed may bring in its place."""
    import msgspec

    told = st.lists(
        st.builds(
            lambda n, quote, source, url: evidence(n, quote=quote, source=source, url=url),
            st.integers(0, 9), long_texts, texts, urls,
        ),
        max_size=4,
    ).map(tuple)  # fmt: skip
    return st.builds(
        lambda headline, evidences, where, changes, phase, severity: msgspec.structs.replace(
            base, headline=headline, evidence=evidences, places=where, changes=changes, phase=phase, severity=severity
        ),
        long_texts,
        told,
        st.lists(places, max_size=5).map(tuple),
        st.lists(texts, max_size=5).map(tuple),
        st.sampled_from(["threatened", "announced", "active", "ended"]),
        st.sampled_from(["minor", "moderate", "severe", "extreme"]),
    )
