// Shows chosen photos before they are sent, lets one be taken out again, and takes dropped files.
(() => {
  "use strict";
  const cross = () => {
    const box = document.createElement("template");
    box.innerHTML = '<svg class="icon" aria-hidden="true"><use href="/static/img/icons.svg#x"></use></svg>';
    return box.content.firstChild;
  };
  document.querySelectorAll("[data-photos]").forEach((tray) => {
    const input = tray.querySelector("input[type=file]");
    const list = tray.querySelector("[data-photos-list]");
    const say = tray.querySelector("[data-photos-say]");
    const most = input.multiple ? Number(tray.dataset.most) || 9 : 1;
    let chosen = [];
    tray.classList.add("is-live");
    const put = (files) => {
      const bag = new DataTransfer();
      files.forEach((file) => bag.items.add(file));
      input.files = bag.files;
      chosen = files;
    };
    const show = () => {
      list.querySelectorAll("img").forEach((img) => URL.revokeObjectURL(img.src));
      list.replaceChildren(...chosen.map((file, index) => {
        const line = document.createElement("li"), img = new Image(), button = document.createElement("button");
        img.alt = file.name;
        img.onerror = () => { img.replaceWith(file.name); }; // HEIC shows only in some browsers; it is sent all the same
        img.src = URL.createObjectURL(file);
        button.type = "button";
        button.setAttribute("aria-label", `× ${file.name}`);
        button.append(cross());
        button.addEventListener("click", () => { put(chosen.filter((_, n) => n !== index)); show(); input.focus(); });
        line.append(img, button);
        return line;
      }));
    };
    const take = (more, add) => {
      const files = [...(add ? chosen : []), ...more];
      say.textContent = files.length > most ? tray.dataset.tooMany : "";
      put(files.slice(0, most));
      show();
    };
    input.addEventListener("change", () => take([...input.files], input.multiple));
    tray.addEventListener("dragover", (event) => { event.preventDefault(); tray.classList.add("is-over"); });
    tray.addEventListener("dragleave", () => tray.classList.remove("is-over"));
    tray.addEventListener("drop", (event) => {
      event.preventDefault();
      tray.classList.remove("is-over");
      take([...event.dataTransfer.files].filter((file) => file.type.startsWith("image/")), input.multiple);
    });
  });
})();
