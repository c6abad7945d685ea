// How a page lies on the screen. Gives a list of faults for each rule; evaluated in the page, which runs no script of its own.
() => {
  const SLACK = 1;
  const TARGET = 44;
  const TEXT_CONTRAST = 4.5;
  const EDGE_CONTRAST = 3;

  const named = (element) => `${element.tagName.toLowerCase()} "${(element.innerText || element.name || "").slice(0, 40)}"`;
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });
  const box = (element) => element.getBoundingClientRect();
  const holds = (outer, inner) =>
    inner.left >= outer.left - SLACK && inner.right <= outer.right + SLACK &&
    inner.top >= outer.top - SLACK && inner.bottom <= outer.bottom + SLACK;
  const meet = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > SLACK &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > SLACK;

  const texts = () => {
    const found = [];
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const node = nodes.currentNode;
      if (node.data.trim() && isShown(node.parentElement)) {
        const range = document.createRange();
        range.selectNodeContents(node);
        found.push({ node, element: node.parentElement, rects: [...range.getClientRects()] });
      }
    }
    return found;
  };

  const all = texts();
  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden])")].filter(isShown);

  const wide = () => {
    const width = document.scrollingElement.scrollWidth;
    return width <= innerWidth ? [] : [`the page is ${width} px wide, the screen ${innerWidth}`];
  };

  const blockAround = (element) => {
    while (getComputedStyle(element).display === "inline") element = element.parentElement;
    return element;
  };

  const cut = () => {
    const screen = { left: 0, right: innerWidth, top: -Infinity, bottom: Infinity };
    const faults = all
      .filter(({ element, rects }) => rects.some((rect) => !holds(screen, rect) || !holds(box(blockAround(element)), rect)))
      .map(({ node }) => `"${node.data.trim()}" leaves its place`);
    const tight = targets.filter((it) => it.scrollHeight > it.clientHeight + SLACK || (it.tagName !== "INPUT" && it.scrollWidth > it.clientWidth + SLACK));
    return faults.concat(tight.filter((it) => getComputedStyle(it).display !== "inline").map((it) => `${named(it)} is too small for its text`));
  };

  // An address has no place to break at, and no length that a page could count on.
  const broken = () =>
    all.flatMap(({ node }) => {
      const words = [...node.data.matchAll(/[^\s-]+/g)].filter(([word]) => !word.includes("@"));
      const lines = ({ index, 0: word }) => {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        return new Set([...range.getClientRects()].map((rect) => rect.top)).size;
      };
      return words.filter((word) => lines(word) > 1).map(([word]) => `"${word}" stands in two lines`);
    });

  const overlapping = () => {
    const faults = [];
    const touches = (one, other) => one.some((rect) => other.some((it) => meet(rect, it)));
    all.forEach((one, index) => {
      for (const other of all.slice(index + 1)) {
        if (touches(one.rects, other.rects)) faults.push(`"${one.node.data.trim()}" and "${other.node.data.trim()}"`);
      }
      for (const target of targets) {
        if (!target.contains(one.node) && touches(one.rects, [box(target)])) faults.push(`"${one.node.data.trim()}" and ${named(target)}`);
      }
    });
    targets.forEach((one, index) => {
      for (const other of targets.slice(index + 1)) {
        if (meet(box(one), box(other))) faults.push(`${named(one)} and ${named(other)}`);
      }
    });
    return faults;
  };

  const small = () =>
    targets
      .filter((it) => box(it).width < TARGET || box(it).height < TARGET)
      .map((it) => `${named(it)} is ${box(it).width} x ${box(it).height}`);

  const faint = () => {
    const faults = [];
    const require = (least, ratio, what) => {
      if (ratio < least) faults.push(`${what} has ${ratio.toFixed(2)}:1`);
    };
    for (const { node, element } of all) {
      require(TEXT_CONTRAST, contrast(channels(getComputedStyle(element).color), ground(element)), `"${node.data.trim()}"`);
    }
    for (const target of targets) {
      const style = getComputedStyle(target);
      if (target.tagName === "INPUT") require(TEXT_CONTRAST, contrast(channels(style.color), ground(target)), `what is typed into ${named(target)}`);
      if (target.tagName !== "A") require(EDGE_CONTRAST, contrast(channels(style.borderTopColor), ground(target.parentElement)), `the edge of ${named(target)}`);
    }
    return faults;
  };

  return { wide: wide(), cut: cut(), broken: broken(), overlapping: overlapping(), small: small(), faint: faint() };
}
