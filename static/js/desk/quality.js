// Says before a photo is sent that it looks dark, too bright, blurred or small: a hint, never a refusal. core/quality.py has the same figures.
(() => {
  "use strict";
  const SIDE = 400, DARK = 45, BRIGHT = 235, BLURRED = 18, SMALL = 600;
  const look = async (file) => {
    const picture = await createImageBitmap(file); // HEIC can't be read by most browsers: then nothing is said
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const width = Math.max(1, Math.round(picture.width * scale)), height = Math.max(1, Math.round(picture.height * scale));
    const canvas = document.createElement("canvas");
    canvas.width = width; canvas.height = height;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, width, height);
    const data = pen.getImageData(0, 0, width, height).data, grey = new Float32Array(width * height);
    let sum = 0;
    for (let at = 0; at < grey.length; at += 1) {
      grey[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
      sum += grey[at];
    }
    const found = [], mean = sum / grey.length;
    if (mean < DARK) found.push("dark");
    if (mean > BRIGHT) found.push("bright");
    if (edges(grey, width, height) < BLURRED) found.push("blurred");
    if (Math.max(picture.width, picture.height) < SMALL) found.push("small");
    picture.close();
    return found;
  };
  const edges = (grey, width, height) => {
    let sum = 0, squares = 0, count = 0;
    for (let y = 1; y < height - 1; y += 1) {
      for (let x = 1; x < width - 1; x += 1) {
        const at = y * width + x;
        let around = 0;
        for (const step of [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1]) around += grey[at + step];
        const value = Math.max(0, Math.min(255, (8 * grey[at] - around) / 2 + 128));
        sum += value; squares += value * value; count += 1;
      }
    }
    return count ? squares / count - (sum / count) ** 2 : 0;
  };
  document.querySelectorAll("[data-photo-hint]").forEach((hint) => {
    const input = hint.closest("[data-photos]").querySelector("input[type=file]");
    input.addEventListener("change", async () => {
      const files = [...input.files], said = new Set();
      for (const file of files) {
        try { (await look(file)).forEach((code) => said.add(hint.dataset[code])); } catch { /* the server looks, too */ }
      }
      if (files.length === input.files.length) hint.textContent = [...said].join(" ");
    });
  });
})();
