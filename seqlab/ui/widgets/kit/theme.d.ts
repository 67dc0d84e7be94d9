// The types of what is not written in JavaScript: the theme, which Python puts before each script, and the page's own.

interface Palette {
  background: string; surface: string; text: string; muted: string; border: string; accent: string;
  right: string; wrong: string; diverging: string[]; sequential: string[]; symbols: Record<string, string>;
}

declare const THEME: {
  light: Palette; dark: Palette; dashes: Record<string, number[]>; letters: Record<string, string>; font: string;
};

interface Window {
  __seqlab?: Record<string, import("./channel.js").Shown>;
}
