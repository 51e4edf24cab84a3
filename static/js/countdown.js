// Time left until <time data-countdown datetime="…">: two units are enough; seconds only in the last hour.
(() => {
  "use strict";
  const clocks = [...document.querySelectorAll("time[data-countdown]")];
  if (!clocks.length) return;
  const part = (n, pattern) => pattern.replace("{n}", n);
  const show = (clock) => {
    const left = Math.floor((Date.parse(clock.dateTime) - Date.now()) / 1000);
    if (Number.isNaN(left)) return;
    const { left: pattern, days, hours, minutes, seconds, over } = clock.dataset;
    const d = Math.floor(left / 86400), h = Math.floor(left / 3600) % 24, m = Math.floor(left / 60) % 60, s = left % 60;
    let text = over;
    if (left > 0) {
      text = pattern.replace("{time}", d ? `${part(d, days)} ${part(h, hours)}`
        : h ? `${part(h, hours)} ${part(m, minutes)}` : m ? `${part(m, minutes)} ${part(s, seconds)}` : part(s, seconds));
    }
    clock.classList.toggle("is-over", left <= 0);
    if (clock.textContent !== text) clock.textContent = text;
  };
  const all = () => clocks.forEach(show);
  all();
  setInterval(all, 1000);
})();
