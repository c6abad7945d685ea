// Colours as WCAG 2.2 compares them: relative luminance and contrast ratio.
const channels = (color) => {
  const [red, green, blue, alpha = 1] = color.match(/[\d.]+/g).map(Number);
  return { red, green, blue, alpha };
};
const over = (front, back) => {
  const mix = (name) => front[name] * front.alpha + back[name] * (1 - front.alpha);
  return { red: mix("red"), green: mix("green"), blue: mix("blue"), alpha: 1 };
};
const ground = (element) => {
  if (!element) return { red: 255, green: 255, blue: 255, alpha: 1 };
  const own = channels(getComputedStyle(element).backgroundColor);
  return own.alpha === 1 ? own : over(own, ground(element.parentElement));
};
const luminance = ({ red, green, blue }) => {
  const [r, g, b] = [red, green, blue].map((it) => it / 255).map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (front, back) => {
  const [dark, light] = [luminance(over(front, back)), luminance(back)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
