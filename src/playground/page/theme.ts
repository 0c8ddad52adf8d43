import { useEffect, useState } from 'react';

export type Theme = 'light' | 'dark';

/** The system's theme until one is chosen, for this page only. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const [theme, setTheme] = useState<Theme>(dark.matches ? 'dark' : 'light');
  useEffect(() => {
    const follow = () => setTheme(dark.matches ? 'dark' : 'light');
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, [dark]);
  return [theme, setTheme];
}
