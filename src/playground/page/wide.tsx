import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';

/** Content that may be too wide: then it scrolls, by touch and keyboard, and says so. */
export function Wide({ what, children }: { what: string; children: ReactNode }) {
  const place = useRef<HTMLElement>(null);
  const [isCut, setIsCut] = useState(false);
  // Runs before the channel scrolls to the latest message.
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const measure = () => setIsCut(element.scrollWidth > element.clientWidth + 1);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    measure();
    return () => observer.disconnect();
  }, []);
  return (
    <>
      <section className="wide" ref={place} aria-label={what} tabIndex={isCut ? 0 : undefined}>
        {children}
      </section>
      {isCut && <p className="hint">Scroll sideways to see the whole {what.toLowerCase()} →</p>}
    </>
  );
}
