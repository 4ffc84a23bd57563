// The newest picture of each stream that is on air: a film of one keyframe in a video element, fetched anew now and then
// while somebody looks. A picture is replaced by the next one when that is there, so nothing flickers; where elements are
// pushed, the video stays the one it was.
(() => {
  "use strict";
  const EVERY_MS = 10000, AFTER_FAILURE_MS = 20000, LOST_MS = 30000, TICK_MS = 1000;
  const sparing = (navigator.connection && navigator.connection.saveData) || matchMedia("(prefers-reduced-data: reduce)").matches;
  const due = new Map(); // By the id of the video: when it is to be fetched again.
  const inView = (box) => {
    const place = box.getBoundingClientRect();
    return place.bottom > 0 && place.top < innerHeight;
  };

  function fetchPicture(box, shown) {
    const over = (again) => { due.set(shown.id, performance.now() + again); };
    over(LOST_MS);
    const next = shown.cloneNode(false);
    next.removeAttribute("id");
    next.classList.remove("on-screen");
    next.muted = true;
    next.preload = "auto";
    next.addEventListener("loadeddata", () => {
      const present = document.getElementById(shown.id);
      over(EVERY_MS);
      if (!present) return;
      next.id = shown.id;
      next.classList.add("on-screen");
      present.replaceWith(next);
      present.removeAttribute("src");
      present.load();
    }, {once: true});
    next.addEventListener("error", () => { over(AFTER_FAILURE_MS); next.remove(); }, {once: true});
    next.src = box.dataset.still + "&at=" + Date.now();
    box.append(next);
  }

  function look() {
    if (document.hidden) return;
    const now = performance.now();
    document.querySelectorAll(".still[data-still]").forEach((box) => {
      const shown = box.querySelector("video[id]");
      if (shown && now >= (due.get(shown.id) || 0) && inView(box)) fetchPicture(box, shown);
    });
  }
  if (sparing) return;
  setInterval(look, TICK_MS);
  document.addEventListener("visibilitychange", look);
  look();
})();
