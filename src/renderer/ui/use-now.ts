import { useEffect, useState } from 'react';

/** Milliseconds since 1970, anew each second while `isTicking` and the page can be seen. */
export function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return;
    setNow(Date.now());
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, 1000);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
