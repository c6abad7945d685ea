// Where the focus is, and how everything that can have it looks now.
() => {
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden])")].filter((it) => it.checkVisibility());
  return {
    at: all.indexOf(document.activeElement),
    places: all.map((element) => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(element);
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return {
        name: element.ariaLabel || element.innerText || element.labels?.[0]?.innerText || "",
        ring: outlineStyle === "none" ? 0 : parseFloat(outlineWidth),
        look: [outlineStyle, outlineWidth, outlineColor, boxShadow].join(" "),
        contrast: contrast(channels(outlineColor), ground(element.parentElement)),
        left,
        top: top + scrollY,
        onScreen: left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight,
      };
    }),
  };
}
