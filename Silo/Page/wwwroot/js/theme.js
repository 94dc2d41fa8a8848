// Light or dark: as the system is, until somebody presses the button.

const system = matchMedia('(prefers-color-scheme: dark)');

// redraw: called after every change, for what style sheets do not reach.
export function onDress(button, redraw) {
  const isDark = () => (localStorage.getItem('theme') ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const dress = () => {
    document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
    button.textContent = isDark() ? 'Light' : 'Dark';
    redraw();
  };
  button.onclick = () => {
    localStorage.setItem('theme', isDark() ? 'light' : 'dark');
    dress();
  };
  system.onchange = dress;
  dress();
}
