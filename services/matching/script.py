"""Traditional characters as their simplified forms, one for one: both write the same word."""

from functools import cache

from proces import preprocess

_HAN = range(0x3400, 0xA000)  # the unified ideographs and their first extension
_OWN = {"臺": "台", "裡": "里"}  # what `proces` lacks


def simplified(text: str) -> str:
    """The text as long as it was; what is no traditional character stays."""
    return text.translate(_forms())


@cache
def _forms() -> dict[int, str]:
    han = "".join(map(chr, _HAN))
    forms: str = preprocess(han, pipelines=["traditional_to_simplified"])
    known = {ord(old): new for old, new in zip(han, forms, strict=True) if old != new}
    return known | {ord(old): new for old, new in _OWN.items()}
