export * from './controls';
export { Glyph, type GlyphName, glyphShape, verdictClass } from './glyphs';
export { Icon, type IconName } from './icons';
export { Menu, type MenuItem } from './Menu';
export { type Layout, useLayout, useMedia, useReducedMotion } from './media';
export { applyTheme, isDark } from './theme';
export { Tip, TipProvider } from './tip';
