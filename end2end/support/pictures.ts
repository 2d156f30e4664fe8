// What pictures are taken of, in all engines.

/** The sizes of the window, in pixels. */
export const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 740 } };

export const SCHEMES = ['light', 'dark'] as const;

/** The file name of a state. */
export const fileName = (state: string) => state.toLowerCase().replaceAll(' ', '-');
