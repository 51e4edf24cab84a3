// A box to sign in: [data-signature=name of the hidden field] with a canvas inside. Strokes are kept as whole points of 1000 by 400.
(() => {
  "use strict";
  const part = document.querySelector("[data-signature]");
  if (!part) return;
  const canvas = part.querySelector("canvas"), pen = canvas.getContext("2d");
  const field = part.closest("form").elements[part.dataset.signature];
  const WIDTH = 1000, HEIGHT = 400, MOST = 2400;
  let strokes = [], drawing = null;
  part.hidden = false;

  const at = (event) => {
    const box = canvas.getBoundingClientRect(), fit = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
    return [fit((event.clientX - box.left) * WIDTH / box.width, WIDTH), fit((event.clientY - box.top) * HEIGHT / box.height, HEIGHT)];
  };
  const paint = () => {
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    pen.lineWidth = 7;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#17241f";
    strokes.forEach((stroke) => {
      pen.beginPath();
      stroke.forEach(([x, y], n) => { if (n) pen.lineTo(x, y); else pen.moveTo(x, y); });
      if (stroke.length === 1) pen.lineTo(stroke[0][0] + 1, stroke[0][1]);
      pen.stroke();
    });
  };
  const keep = () => { field.value = strokes.length ? JSON.stringify(strokes) : ""; };
  const points = () => strokes.reduce((sum, one) => sum + one.length, 0);

  canvas.addEventListener("pointerdown", (event) => {
    if (points() >= MOST) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = [at(event)];
    strokes.push(drawing);
    paint();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing || points() >= MOST) return;
    const [x, y] = at(event), [a, b] = drawing[drawing.length - 1];
    if (Math.abs(x - a) + Math.abs(y - b) < 4) return; // a hand that rests adds nothing
    drawing.push([x, y]);
    paint();
  });
  ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => { drawing = null; keep(); }));
  part.querySelector("[data-signature-clear]").addEventListener("click", () => { strokes = []; drawing = null; paint(); keep(); });
  try { strokes = JSON.parse(field.value || "[]"); paint(); } catch { keep(); } // what was drawn before a mistake elsewhere stays
})();
