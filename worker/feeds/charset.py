"""From the bytes of a feed to UTF-8, whatever they say they are: most feeds that lie about it are UTF-8 or cp125x."""

import codecs
import re
from typing import Final

import charset_normalizer

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["'][^>]{0,100}\?>""")
_HEADER: Final = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_META: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_XML_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
# What publishers declare, and the larger set that they write: the same aliases as browsers use.
_LARGER: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_SAMPLE: Final = 64 * 1024
_CONTROLS: Final = dict.fromkeys(i for i in (*range(32), 0xFFFE, 0xFFFF) if i not in (9, 10, 13))
_CONTROL_BYTES: Final = bytes(i for i in range(32) if i not in (9, 10, 13))


def to_utf8(body: bytes, content_type: str = "") -> bytes:
    """The document as UTF-8 without byte order mark, NUL and other characters that XML does not allow."""
    if _is_utf8(body):
        body = body.removeprefix(codecs.BOM_UTF8)
        declared = _DECLARED.search(body, 0, 400)
        if declared and _codec(declared[1].decode()) != "utf-8":
            body = body[: declared.start(1)] + b"utf-8" + body[declared.end(1) :]
        return body.translate(None, _CONTROL_BYTES)
    text = _decode(body, content_type).lstrip("\ufeff").translate(_CONTROLS)
    return _XML_DECLARATION.sub("", text, count=1).encode("utf-8", "replace")


def _is_utf8(body: bytes) -> bool:
    # An escape byte is a shift of ISO-2022, whose bytes are ASCII too; a NUL in the head is UTF-16 without a mark.
    if b"\x1b" in body or b"\0" in body[:4]:
        return False
    try:
        codecs.utf_8_decode(body, "strict", True)
    except UnicodeDecodeError:
        return False
    return True


def _decode(body: bytes, content_type: str) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    if body[:2] == b"<\0" or body[:2] == b"\0<":
        return body.decode("utf-16-le" if body[:1] == b"<" else "utf-16-be", "replace")
    declared, header = _DECLARED.search(body, 0, 400), _HEADER.search(content_type)
    for given in (declared[1].decode() if declared else "", header[1] if header else ""):
        codec = _codec(given)
        if codec == "utf-8":
            text = body.decode(codec, "replace")
            if text.count("\ufffd") * 20 <= sum(not c.isascii() for c in text[:_SAMPLE]) or len(text) > _SAMPLE * 4:
                return text
        elif codec:
            text = body.decode(codec, "replace")
            if text.count("\ufffd") * 1000 <= len(text):
                return text
    best = charset_normalizer.from_bytes(body[:_SAMPLE]).best()
    return body.decode(best.encoding if best else "cp1252", "replace")


def _codec(name: str) -> str:
    try:
        known = codecs.lookup(name.strip()).name if name else ""
    except LookupError:
        return ""
    # A codec from bytes to bytes ("zlib", "hex") is a codec too, and none of a text.
    if not known or not codecs.lookup(known)._is_text_encoding:
        return ""
    return _LARGER.get(known, known)


def page_to_utf8(page: bytes, content_type: str) -> bytes:
    """An HTML page as UTF-8 where its HTTP header knows its charset; otherwise as it came."""
    if _is_utf8(page):
        return page
    header = _HEADER.search(content_type)
    codec = _codec(header[1]) if header else ""
    return page.decode(codec, "replace").encode("utf-8", "replace") if codec else page


def page_text(page: bytes) -> str:
    """The text of an HTML page by its byte order mark, its meta element or its bytes, without control characters."""
    for mark, name in _BOMS:
        if page.startswith(mark):
            return page.decode(name, "replace").lstrip("\ufeff").translate(_CONTROLS)
    if _is_utf8(page):
        return page.decode().translate(_CONTROLS)
    meta = _META.search(page, 0, 8192)
    codec = _codec(meta[1].decode()) if meta else ""
    if not codec:
        best = charset_normalizer.from_bytes(page[:_SAMPLE]).best()
        codec = best.encoding if best else "cp1252"
    return page.decode(codec, "replace").translate(_CONTROLS)
