"""The styles of an existing workbook: new ones are added behind the others, none renumbered."""

from __future__ import annotations

from xltools.excel.package.xml_text import Edit, Element, element, elements, root_prefix, spliced

STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EMPTY_STYLES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<styleSheet xmlns="{_MAIN}"></styleSheet>'
)
# What a group must hold before anything is added behind it, in the order of the schema
_FIRST = {
    "fonts": '<{p}font><{p}sz val="11"/><{p}name val="Calibri"/></{p}font>',
    "fills": '<{p}fill><{p}patternFill patternType="none"/></{p}fill>'
    '<{p}fill><{p}patternFill patternType="gray125"/></{p}fill>',
    "borders": "<{p}border><{p}left/><{p}right/><{p}top/><{p}bottom/><{p}diagonal/></{p}border>",
    "cellStyleXfs": '<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
}
_CHILD = {"fonts": "font", "fills": "fill", "borders": "border", "cellXfs": "xf"}
_CHILD["cellStyleXfs"] = "xf"
_ORDER = ("numFmts", *_FIRST)
_FILL = (
    '<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{color}"/>'
    '<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'
)


class Stylesheet:
    """The text of a styles part, grown by what marks and the issue sheet need."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._prefix = root_prefix(text, "styleSheet")
        self._filled: dict[tuple[int, str], int] = {}
        self._added: dict[tuple[str, str], int] = {}
        self._listed: dict[str, list[Element]] = {}
        self._pending: dict[str, list[str]] = {group: [] for group in _FIRST}
        for group in _FIRST:
            self._ensure(group)

    @property
    def text(self) -> str:
        """The part with everything that was added."""
        edits: list[Edit] = []
        for group, contents in self._pending.items():
            parent = element(self._text, group)
            if contents and parent:
                total = str(len(self._children(group)) + len(contents))
                edits += [parent.tag.changed("count", total), parent.appended("".join(contents))]
        return spliced(self._text, edits)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """For every style made by ``filled``: the style it came from and itself."""
        return [(origin, made) for (origin, _), made in self._filled.items()]

    def add(self, group: str, content: str) -> int:
        """Add a child to a group, ``{p}`` standing for the prefix; its index, reused if equal."""
        content = content.replace("{p}", self._prefix)
        key = (group, content)
        if key not in self._added:
            self._added[key] = self._append(group, content)
        return self._added[key]

    def fill(self, color: str) -> int:
        """A solid fill of an ARGB colour."""
        return self.add("fills", _FILL.replace("{color}", color))

    def filled(self, style: int, color: str) -> int:
        """A style equal to another but for its fill."""
        key = (style, color)
        if key not in self._filled:
            origin = self._child("cellXfs", style) or self._child("cellXfs", 0)
            if origin is None:
                raise ValueError(style)
            changed = origin.tag.having("fillId", str(self.fill(color))).having("applyFill", "1")
            rest = self._text[origin.tag.end : origin.end]
            self._filled[key] = self._append("cellXfs", changed.written() + rest)
        return self._filled[key]

    def fill_of(self, style: int) -> int:
        """The fill's number of a style; 0 is none."""
        found = self._child("cellXfs", style)
        return (found.tag.number("fillId") or 0) if found else 0

    def set_fill(self, style: int, fill: int) -> None:
        """Give an existing style another fill, for every cell that has the style."""
        found = self._child("cellXfs", style)
        if found:
            self._text = spliced(self._text, [found.tag.changed("fillId", str(fill))])
            self._listed.clear()

    def styles_with_fill(self, colors: set[str]) -> list[int]:
        """The styles whose fill is solid in one of these ARGB colours."""
        fills = {
            index
            for index, found in enumerate(self._children("fills"))
            if _solid_color(self._text[found.tag.start : found.end]) in colors
        }
        return [
            index
            for index, found in enumerate(self._children("cellXfs"))
            if found.tag.number("fillId") in fills
        ]

    def twin(self, style: int, unwanted: set[int]) -> int | None:
        """Another style that is equal but for its fill, which is a sign of what it was before."""
        children = self._children("cellXfs")
        looks = self._look(children[style])
        for index, found in enumerate(children):
            if index != style and index not in unwanted and self._look(found) == looks:
                return index
        return None

    def _look(self, found: Element) -> str:
        plain = found.tag.having("fillId", None).having("applyFill", None)
        return " ".join(sorted(plain.attributes.split())) + found.inner(self._text)

    def _children(self, group: str) -> list[Element]:
        """The children that the part had before anything was added."""
        if group not in self._listed:
            parent = element(self._text, group)
            found = parent.children(self._text, _CHILD[group]) if parent else ()
            self._listed[group] = list(found)
        return self._listed[group]

    def _child(self, group: str, index: int) -> Element | None:
        children = self._children(group)
        return children[index] if 0 <= index < len(children) else None

    def _append(self, group: str, content: str) -> int:
        self._pending[group].append(content)
        return len(self._children(group)) + len(self._pending[group]) - 1

    def _ensure(self, group: str) -> None:
        """Make sure that a group exists and is not empty: index 0 is the ordinary look."""
        found = element(self._text, group)
        if found and found.tag.kind != "empty" and self._children(group):
            return
        content = _FIRST[group].replace("{p}", self._prefix)
        count = len(list(elements(content, _CHILD[group])))
        whole = f'<{self._prefix}{group} count="{count}">{content}</{self._prefix}{group}>'
        place = (found.tag.start, found.end) if found else (self._place(group),) * 2
        self._text = spliced(self._text, [(*place, whole)])
        self._listed.clear()

    def _place(self, group: str) -> int:
        """Where a missing group belongs: behind the last of those that come before it."""
        for earlier in reversed(_ORDER[: _ORDER.index(group)]):
            found = element(self._text, earlier)
            if found:
                return found.end
        root = element(self._text, "styleSheet")
        if root is None or root.tag.kind == "empty":
            raise ValueError("styleSheet")
        return root.tag.end


def _solid_color(fill: str) -> str:
    pattern = element(fill, "patternFill")
    color = element(fill, "fgColor")
    if not pattern or not color or pattern.tag.get("patternType") != "solid":
        return ""
    return (color.tag.get("rgb") or "").upper()
