/** What VS Code puts on a webview's page for a theme: the class of body, and variables on the html element. */
export interface ThemeVariables {
  bodyClass: string;
  variables: Record<string, string>;
}

const fonts = {
  'font-family': "system-ui, 'Ubuntu', 'Droid Sans', sans-serif",
  'font-size': '13px',
  'font-weight': 'normal',
  'editor-font-family': "'Droid Sans Mono', monospace",
  'editor-font-size': '14px',
};

const light = {
  foreground: '#3b3b3b',
  'editor-background': '#ffffff',
  'editor-foreground': '#3b3b3b',
  descriptionForeground: '#3b3b3b',
  errorForeground: '#c72e0f',
  focusBorder: '#005fb8',
  'button-background': '#005fb8',
  'button-foreground': '#ffffff',
  'button-hoverBackground': '#0258a8',
  'button-border': '#0000001a',
  'button-secondaryBackground': '#e5e5e5',
  'button-secondaryForeground': '#3b3b3b',
  'button-secondaryHoverBackground': '#cccccc',
  'input-background': '#ffffff',
  'input-foreground': '#3b3b3b',
  'input-placeholderForeground': '#767676',
  'settings-textInputBorder': '#cecece',
  'dropdown-background': '#ffffff',
  'dropdown-foreground': '#3b3b3b',
  'dropdown-border': '#cecece',
  'checkbox-background': '#f8f8f8',
  'checkbox-border': '#cecece',
  'editorWidget-border': '#c8c8c8',
  'editorHoverWidget-background': '#f8f8f8',
  'editorHoverWidget-border': '#c8c8c8',
  'editorHoverWidget-foreground': '#3b3b3b',
  'list-hoverBackground': '#f2f2f2',
  'list-activeSelectionBackground': '#e8e8e8',
  'list-activeSelectionForeground': '#000000',
  'panel-border': '#e5e5e5',
  'panelTitle-activeBorder': '#005fb8',
  'panelTitle-activeForeground': '#3b3b3b',
  'panelTitle-inactiveForeground': '#3b3b3b',
  'progressBar-background': '#005fb8',
  'textLink-foreground': '#005fb8',
  'toolbar-hoverBackground': '#b8b8b850',
};

const dark = {
  ...light,
  foreground: '#cccccc',
  'editor-background': '#1f1f1f',
  'editor-foreground': '#cccccc',
  descriptionForeground: '#9d9d9d',
  errorForeground: '#f85149',
  focusBorder: '#0078d4',
  'button-background': '#0078d4',
  'button-hoverBackground': '#026ec1',
  'button-border': '#ffffff12',
  'button-secondaryBackground': '#313131',
  'button-secondaryForeground': '#cccccc',
  'button-secondaryHoverBackground': '#3c3c3c',
  'input-background': '#313131',
  'input-foreground': '#cccccc',
  'input-placeholderForeground': '#989898',
  'settings-textInputBorder': '#3c3c3c',
  'dropdown-background': '#313131',
  'dropdown-foreground': '#cccccc',
  'dropdown-border': '#3c3c3c',
  'checkbox-background': '#313131',
  'checkbox-border': '#3c3c3c',
  'editorWidget-border': '#454545',
  'editorHoverWidget-background': '#202020',
  'editorHoverWidget-border': '#454545',
  'editorHoverWidget-foreground': '#cccccc',
  'list-hoverBackground': '#2a2d2e',
  'list-activeSelectionBackground': '#04395e',
  'list-activeSelectionForeground': '#ffffff',
  'panel-border': '#2b2b2b',
  'panelTitle-activeBorder': '#0078d4',
  'panelTitle-activeForeground': '#cccccc',
  'panelTitle-inactiveForeground': '#9d9d9d',
  'progressBar-background': '#0078d4',
  'textLink-foreground': '#4daafc',
  'toolbar-hoverBackground': '#5a5d5e50',
};

/** High contrast: plain grounds, borders everywhere, few hover colours. */
function contrast(ink: string, ground: string, border: string, focus: string): Record<string, string> {
  const plain = Object.keys(light).map((name) => [name, /background/i.test(name) ? ground : ink]);
  const borders = Object.keys(light).filter((name) => /border/i.test(name));
  return {
    ...(Object.fromEntries(plain) as Record<string, string>),
    ...Object.fromEntries(borders.map((name) => [name, border])),
    contrastBorder: border,
    contrastActiveBorder: focus,
    focusBorder: focus,
    'button-background': ground,
    'button-foreground': ink,
    errorForeground: ink === '#ffffff' ? '#f48771' : '#b5200d',
    'textLink-foreground': ink === '#ffffff' ? '#21a6ff' : '#0f4a85',
  };
}

export const THEMES: Record<'light' | 'dark' | 'hc-dark' | 'hc-light', ThemeVariables> = {
  light: { bodyClass: 'vscode-light', variables: { ...fonts, ...light } },
  dark: { bodyClass: 'vscode-dark', variables: { ...fonts, ...dark } },
  'hc-dark': {
    bodyClass: 'vscode-high-contrast',
    variables: { ...fonts, ...contrast('#ffffff', '#000000', '#6fc3df', '#f38518') },
  },
  'hc-light': {
    bodyClass: 'vscode-high-contrast vscode-high-contrast-light',
    variables: { ...fonts, ...contrast('#292929', '#ffffff', '#0f4a85', '#006bbd') },
  },
};

export type ThemeName = keyof typeof THEMES;
