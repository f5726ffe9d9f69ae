/* What is held against every page, by what the browser made of it: run beside the page's own script. */

const shown = (element) => {
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
  for (let at = element; at; at = at.parentElement) if (getComputedStyle(at).clipPath !== "none") return false;
  return true;
};
const named = (element) =>
  `<${element.tagName.toLowerCase()}${element.className && ` class="${element.className}"`}> ${element.textContent.trim().slice(0, 40)}`;
const focused_name = () => {
  const element = document.activeElement;
  if (!element || element === document.body) return "";
  return [element.textContent, element.labels?.[0]?.textContent, element.getAttribute("aria-label"), element.id].join(" ");
};
const every = (css) => [...document.querySelectorAll(css)];

/* ---- order ---- */

function order_faults() {
  const faults = [];
  if (!document.documentElement.lang) faults.push("no language");
  if (!document.title.trim()) faults.push("no title");
  for (const [css, count] of [["h1", 1], ["main", 1]]) {
    if (every(css).filter(shown).length !== count) faults.push(`${every(css).length} × ${css}`);
  }
  let above = 0;
  for (const heading of every("h1, h2, h3, h4, h5, h6").filter(shown)) {
    const level = Number(heading.tagName[1]);
    if (level > above + 1) faults.push(`h${above} is followed by ${named(heading)}`);
    above = level;
  }
  const ids = every("[id]").map((element) => element.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) faults.push(`two #${id}`);
  for (const [css, name] of [["label[for]", "for"], ["[aria-describedby]", "aria-describedby"], ["[aria-labelledby]", "aria-labelledby"]]) {
    for (const element of every(css)) {
      if (!document.getElementById(element.getAttribute(name))) faults.push(`${named(element)} points nowhere`);
    }
  }
  for (const element of every("[tabindex]")) if (element.tabIndex > 0) faults.push(`${named(element)} jumps the queue`);
  for (const heading of every("thead th")) if (!heading.textContent.trim() || !heading.scope) faults.push(`${named(heading)} heads nothing`);
  for (const element of every("[style], [onclick], [onload]")) faults.push(`${named(element)} is styled or scripted in place`);
  return faults;
}

/* ---- colours ---- */

const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
const over = ([r, g, b, a = 1], below) => [r, g, b].map((part, at) => part * a + below[at] * (1 - a));
function ground(element) {
  const layers = [];
  for (let at = element; at; at = at.parentElement) layers.unshift(parts(getComputedStyle(at).backgroundColor));
  return layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
}
function luminance(colour) {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(first, second) {
  const [light, dark] = [luminance(first), luminance(second)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}
const texts = () => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() && !element.closest("script, noscript, option") && shown(element)) found.push(walker.currentNode);
  }
  return found;
};
function colour_faults() {
  const faults = new Set();
  for (const element of new Set(texts().map((node) => node.parentElement))) {
    if (element.closest("[disabled]")) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const large = parseFloat(fontSize) >= (Number(fontWeight) >= 700 ? 18.66 : 24);
    const below = ground(element);
    const found = contrast(over(parts(color), below), below);
    const sign = element.closest("[aria-hidden=true]"); /* a picture beside its words */
    if (found < (large || sign ? 3 : 4.5)) faults.add(`contrast of ${found.toFixed(2)}: ${named(element)}`);
  }
  for (const element of every("input:not([type=hidden], [type=file], [type=checkbox]), select").filter(shown)) {
    const found = contrast(parts(getComputedStyle(element).borderTopColor), ground(element.parentElement));
    if (found < 3) faults.add(`border's contrast of ${found.toFixed(2)}: ${named(element)}`);
  }
  return [...faults];
}

/* ---- places ---- */

function place_faults() {
  const faults = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const wide = every("body *").filter((element) => shown(element) && !element.closest(".scroll") && element.getBoundingClientRect().right > width + 1);
    faults.push(`wider than the window: ${wide.slice(0, 3).map(named).join(" | ")}`);
  }
  for (const element of every("body *:not(input)").filter(shown)) {
    const { overflowX, overflowY } = getComputedStyle(element);
    const cut = element.scrollWidth > element.clientWidth + 1;
    if (["hidden", "clip"].includes(overflowX) && cut && !element.title) faults.push(`cut: ${named(element)}`);
    if (["auto", "scroll"].includes(overflowX) && cut && element.tabIndex < 0) faults.push(`scrolled by no key: ${named(element)}`);
    if (overflowY === "hidden" && element.scrollHeight > element.clientHeight + 4 && !element.title) faults.push(`cut below: ${named(element)}`);
  }
  if (width > 600) for (const row of every("tr").filter(shown)) if (getComputedStyle(row).display !== "table-row") faults.push(`no row of its table: ${named(row)}`);
  for (const element of every("button, .button, select, input:not([type=hidden], [type=file], [type=checkbox])").filter(shown)) {
    const { width: wide, height } = element.getBoundingClientRect();
    if (wide < 24 || height < 24) faults.push(`too small to hit: ${named(element)}`);
  }
  return [...faults, ...overlaps()];
}
function overlaps() {
  const boxes = [];
  for (const node of texts()) {
    /* Nor are texts of a picture measured as they are drawn: squeezed into their cells. */
    if (node.parentElement.closest(".grid, #veil, .picture")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const frame = node.parentElement.getBoundingClientRect();
    const cut = getComputedStyle(node.parentElement).overflowX === "hidden"; /* what is cut lies over nothing */
    for (const { left, right, top, bottom } of range.getClientRects()) {
      boxes.push({ node, box: { left, top, bottom, right: cut ? Math.min(right, frame.right) : right } });
    }
  }
  boxes.sort((first, second) => first.box.top - second.box.top);
  const faults = [];
  for (const [at, one] of boxes.entries()) {
    for (let next = at + 1; next < boxes.length && boxes[next].box.top < one.box.bottom - 6; next += 1) {
      const other = boxes[next];
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      if (other.node !== one.node && across > 3) faults.push(`over each other: ${one.node.data.trim()} | ${other.node.data.trim()}`);
    }
  }
  return faults;
}

const page_faults = () => [...order_faults(), ...colour_faults(), ...place_faults()];
const focus_is_seen = () => {
  const element = document.activeElement;
  const near = [element, element.closest("label")].filter(Boolean);
  return near.some((one) => { const { outlineStyle, outlineWidth } = getComputedStyle(one); return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2; });
};
