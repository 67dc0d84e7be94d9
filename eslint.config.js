// What ESLint holds the browser's code and its tests to.
import js from "@eslint/js";
import globals from "globals";

const rules = {
  "no-unused-vars": ["error", { args: "after-used", argsIgnorePattern: "^_" }],
  "no-shadow": "off",
  eqeqeq: ["error", "always", { null: "ignore" }],
  "no-var": "error",
  "prefer-const": "error",
  "no-implicit-globals": "error",
  "no-restricted-properties": ["error",
    { property: "innerHTML", message: "Texts are set as text: a person's words are never HTML." },
    { property: "outerHTML", message: "Texts are set as text: a person's words are never HTML." },
    { property: "insertAdjacentHTML", message: "Texts are set as text: a person's words are never HTML." }],
  "max-lines": ["error", 250],
};

export default [
  js.configs.recommended,
  { files: ["seqlab/**/*.js"], languageOptions: { globals: { ...globals.browser, THEME: "readonly" } }, rules },
  { files: ["tests/js/**/*.js", "eslint.config.js"], languageOptions: { globals: { ...globals.node, THEME: "readonly" } }, rules },
  { ignores: ["node_modules/", ".venv/", "**/*.min.js"] },
];
