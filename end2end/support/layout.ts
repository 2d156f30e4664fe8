// Functions that measure the page they run in, for all engines.

/** By how many pixels the page or an open dialog scrolls horizontally. */
export function sideways(): number {
  const boxes = document.querySelectorAll('html, dialog[open]');
  return Math.max(...[...boxes].map((box) => box.scrollWidth - box.clientWidth));
}

/** Texts that are cut off. The name in the header may be: its menu shows the whole name. */
export function cutOff(): string[] {
  return [...document.querySelectorAll<HTMLElement>('body *')]
    .filter((element) => element.checkVisibility() && element.textContent)
    .filter((element) => getComputedStyle(element).overflowX === 'hidden')
    .filter((element) => !element.matches('.visually-hidden, .account-name, thead, thead *'))
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
    .map(({ outerHTML }) => outerHTML.slice(0, 200));
}

/** Targets smaller than 24 by 24 px outside of sentences (WCAG 2.2, 2.5.8). */
export function smallTargets(): string[] {
  return [...document.querySelectorAll<HTMLElement>('a, button, input, summary, label:has(input)')]
    .filter((element) => element.checkVisibility() && !element.matches('[type="hidden"], .skip'))
    .filter((element) => {
      const line = element.matches('a') && element.closest('p, dd, li');
      const isInLine = line && line.textContent!.trim() !== element.textContent!.trim();
      return !isInLine && !element.closest('h1, h2, h3');
    })
    .filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return width < 24 || height < 24;
    })
    .map(({ outerHTML }) => outerHTML.slice(0, 200));
}

/** Where the contents of header, page and footer begin, in pixels. */
export function edges(): number[] {
  return ['.site-header', 'main', 'footer'].map((css) => {
    const box = document.querySelector(css)!;
    return Math.round(box.getBoundingClientRect().left + parseFloat(getComputedStyle(box).paddingLeft));
  });
}

/** By how many pixels the heading of the open dialog is higher than its text. */
export function stretch(): number {
  const heading = document.querySelector('dialog[open] h2')!;
  const text = document.createRange();
  text.selectNodeContents(heading);
  return Math.round(heading.getBoundingClientRect().height - text.getBoundingClientRect().height);
}
