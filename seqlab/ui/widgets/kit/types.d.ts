// The types of what is not written in JavaScript: the theme, which Python puts before each script, and the page's own.

interface Palette {
  background: string; surface: string; text: string; muted: string; border: string; accent: string;
  right: string; wrong: string; diverging: string[]; sequential: string[]; symbols: Record<string, string>;
}

declare const THEME: {
  light: Palette; dark: Palette; dashes: Record<string, number[]>; letters: Record<string, string>; font: string;
  presented: { scale: number, least: number };
};

interface Window {
  __seqlab?: Record<string, import("./channel.js").Shown>;
  __seqlabPlaces?: Set<string>;
}

/** What a chart consists of; seqlab/figures/plot.py has the same words. */
declare namespace Chart {
  interface Axis {
    low: number; high: number; label?: string; ticks: [number, string][]; log?: boolean; word?: string; gaps?: boolean;
  }

  /** Points, joined by a line, as dots, as a band down to the axis, one of them ringed, as strokes at the foot, or as
   * the area up to `to`. */
  interface Series {
    x: number[]; y: (number | null)[]; colour: string; name?: string;
    kind?: "line" | "dots" | "band" | "ring" | "strokes" | "between";
    to?: number[];
    width?: number; dash?: number[]; alpha?: number;
    /** Dots: with an outline of the background's colour, or only an outline of their own. */
    outline?: boolean; hollow?: boolean;
  }

  /** A straight line across; its text stands above it, along it (upright) or with a piece of the line in the corner. */
  interface Rule {
    axis: "x" | "y"; at: number; colour: string; text?: string; width?: number; dash?: number[]; upright?: boolean;
    cornered?: boolean;
  }

  interface Map {
    values: (number | null)[][]; low: number; high: number; colours: "diverging" | "sequential";
    read?: number[][] | null; scale: [number, string][]; names?: string[];
  }

  interface Panel {
    x: Axis; y: Axis; alt: string; series: Series[]; rules: Rule[]; map?: Map | null; name?: string;
    /** Everything beyond this x is veiled: what has not been reached yet. */
    veil?: number;
  }

  /** What is pointed at: an upright line, and a dot at each of some values there. */
  interface Cursor {
    x: number; line?: string; dots?: { y: number, colour: string, radius?: number, hollow?: boolean }[];
  }

  interface Plot { title: string; note: string; height: number; panels: Panel[] }

  interface Margin { left: number; right: number; top: number; bottom: number }
}
