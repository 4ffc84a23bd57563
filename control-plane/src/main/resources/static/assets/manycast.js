// The page's own script: copying, revealing, asking first, clocks, and how old the page's data is. Markup comes from
// the server alone; without this script everything works except liveness.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);

  // ---- The feed: one source for htmx's extension that never gives up, and that rests while the tab is hidden.
  const RETRY_MS = 2000, HIDDEN_MS = 30000, QUIET_MS = 12000;
  // A browser has six connections for a host and all its tabs share them (HTTP/1.1): at most four are event streams, so
  // that pages still load. Who opens one tells the others; the oldest gives its own up, and takes a turn while it is seen.
  const FEEDS = 4, TURN_MS = 4000;
  const tabs = window.BroadcastChannel ? new BroadcastChannel("manycast-feeds") : null;
  const thisTab = Math.random();
  let lastNews = Date.now();
  let clockOffset = 0;
  let connected = true;

  function heard(event) {
    lastNews = Date.now();
    connected = true;
    if (event && event.type === "pulse") document.documentElement.dataset.clockOffset = clockOffset = Number(event.data) - Date.now();
    tick();
  }

  // Signed out, or the page gone: then only loading it again tells; anything else is worth another attempt.
  async function turnedAway() {
    try {
      const answer = await fetch(location.pathname, {method: "HEAD", redirect: "manual", cache: "no-store"});
      return answer.type === "opaqueredirect" || answer.status === 404;
    } catch (unreachable) {
      return false;
    }
  }

  function patientSource(url) {
    const feed = new EventTarget();
    const openedSince = new Set();
    let source = null, retry = 0, rest = 0, closed = false;
    feed.readyState = EventSource.CONNECTING;
    function open() {
      if (closed || source) return;
      openedSince.clear();
      source = new EventSource(url);
      if (tabs) tabs.postMessage({opened: thisTab});
      source.onopen = () => { feed.readyState = EventSource.OPEN; if (feed.onopen) feed.onopen(); };
      for (const name of ["live", "pulse"]) {
        source.addEventListener(name, (event) => {
          heard(event);
          feed.dispatchEvent(new MessageEvent(name, {data: event.data}));
        });
      }
      source.onerror = async () => {
        connected = false;
        feed.readyState = EventSource.CONNECTING;
        tick();
        if (source && source.readyState === EventSource.CLOSED) {
          source = null;
          if (await turnedAway()) location.reload();
          else if (!document.hidden) retry = setTimeout(open, RETRY_MS);
        }
      };
    }
    function pause() {
      clearTimeout(retry);
      if (source) source.close();
      if (source && tabs) tabs.postMessage({closed: thisTab});
      source = null;
    }
    function another(event) {
      openedSince.delete(event.data.closed);
      if (event.data.opened) openedSince.add(event.data.opened);
      if (source && openedSince.size >= FEEDS) {
        pause();
        if (!document.hidden) retry = setTimeout(open, TURN_MS);
      }
    }
    if (tabs) tabs.onmessage = another;
    function visibility() {
      clearTimeout(rest);
      if (document.hidden) rest = setTimeout(pause, HIDDEN_MS);
      else { clearTimeout(retry); open(); }
    }
    document.addEventListener("visibilitychange", visibility);
    window.addEventListener("pagehide", pause);
    window.addEventListener("pageshow", (event) => { if (event.persisted) open(); });
    feed.close = () => { closed = true; pause(); document.removeEventListener("visibilitychange", visibility); };
    open();
    if (document.hidden) visibility(); // Opened in the background: no change of visibility will come to tell.
    return feed;
  }
  if (window.htmx) htmx.createEventSource = patientSource;

  // What is there already is left alone, so that focus and selection stay where they are.
  let focusWas = null, readWas = null;
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const fresh = event.detail.fragment.firstElementChild || event.detail.fragment;
    const target = event.detail.target;
    if (fresh.isEqualNode && fresh.isEqualNode(target)) event.detail.shouldSwap = false;
    else {
      if (target.contains(document.activeElement)) focusWas = {part: target.id, element: document.activeElement.id};
      // Now, because some browsers take the focus from what is removed, and then nothing is read any more.
      if (read && target.contains(read.chart)) readWas = {id: read.chart.id, x: read.x};
    }
  });
  document.addEventListener("htmx:afterSwap", () => {
    readOn();
    keepFocus();
    arrange();
    announce();
    tick();
  });

  // What is there again has its focus back; a button that went with its reason, such as "Retry now", hands it to the next
  // one of the same part.
  function keepFocus() {
    const {part, element} = focusWas || {};
    focusWas = null;
    if (!part || document.activeElement !== document.body) return;
    const next = (element && byId(element)) || (byId(part) && byId(part).querySelector("a[href], button, summary"));
    if (next) next.focus({preventScroll: true});
  }

  // Rows in trouble go first, but never away from under a pointer or the focus.
  function arrange() {
    const list = document.querySelector("#destinations > ul");
    if (!list || list.matches(":hover") || list.contains(document.activeElement)) return;
    const rows = [...list.children];
    const trouble = (row) => (row.dataset.trouble === "true" ? 0 : 1);
    const wanted = [...rows].sort((a, b) => trouble(a) - trouble(b) || a.dataset.place - b.dataset.place);
    if (wanted.some((row, i) => row !== rows[i])) list.append(...wanted);
  }

  // For ears: the stream's state and destinations that failed, once each time they change; nothing else interrupts.
  let announced = null;
  function announce() {
    const head = document.querySelector("[data-stream-state]"), said = byId("said");
    if (!head || !said) return;
    const failed = [...document.querySelectorAll("[data-destination][data-state=failed] .destination-name > span:first-child")];
    const words = [head.querySelector("h1").textContent + " is " + head.querySelector(".state-big").textContent.trim() + "."]
      .concat(failed.map((name) => name.textContent + " has failed.")).join(" ");
    if (announced !== null && announced !== words) say(said, words);
    announced = words;
  }

  // ---- Clocks
  const two = (n) => String(n).padStart(2, "0");
  function duration(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    return Math.floor(s / 3600) + ":" + two(Math.floor(s / 60) % 60) + ":" + two(s % 60);
  }
  function say(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }
  function tick() {
    const now = Date.now() + clockOffset;
    document.querySelectorAll("[data-since]").forEach((e) => say(e, duration(now - Date.parse(e.dataset.since))));
    document.querySelectorAll("[data-until]").forEach((e) => {
      const s = Math.ceil((Date.parse(e.dataset.until) - now) / 1000);
      say(e, s > 0 ? "in " + s + " s" : "now");
    });
    localTimes();
    arrange();
    age();
  }
  const formats = {
    clock: new Intl.DateTimeFormat(undefined, {hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23"}),
    day: new Intl.DateTimeFormat(undefined, {day: "numeric", month: "short"}),
    date: new Intl.DateTimeFormat(undefined, {dateStyle: "medium", timeStyle: "short"}),
    moment: new Intl.DateTimeFormat(undefined, {dateStyle: "medium", timeStyle: "medium"}),
  };
  function localTimes() {
    for (const [kind, format] of Object.entries(formats)) {
      document.querySelectorAll("time[data-" + kind + "]").forEach((e) => say(e, format.format(new Date(e.dataset[kind]))));
    }
  }
  function age() {
    const banner = byId("connection");
    if (!banner) return;
    const quiet = Date.now() - lastNews;
    const stale = quiet > QUIET_MS || (!connected && quiet > 2500);
    if (stale) {
      const what = connected ? "No news" : "Connection lost: no news";
      say(byId("connection-text"), what + " for " + Math.round(quiet / 1000) + " s. Trying again; your streams go on without this page.");
    }
    banner.hidden = !stale;
    document.body.classList.toggle("stale-page", stale);
  }
  tick();
  announce();
  setInterval(tick, 1000);

  // ---- One value of a chart, read where the pointer is, or where the arrow keys have gone in the chart with the focus
  const bitrate = (bps) => bps < 1e6 ? Math.round(bps / 1e3) + " kbit/s" : (bps / 1e6).toFixed(bps < 9.995e6 ? 2 : 1) + " Mbit/s";
  const STEPS = {ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity};
  let read = null; // The chart that is read, and at which x.
  const chartOf = (event) => event.target.closest(".chart[data-values]");
  const valuesOf = (chart) => chart.dataset.values.split(" ").map((pair) => pair.split(":").map(Number));
  const nearest = (values, x) => values.reduce((best, value, i) => Math.abs(value[0] - x) < Math.abs(values[best][0] - x) ? i : best, 0);
  function pointAt(event) {
    const chart = chartOf(event);
    if (!chart) return read && read.chart !== document.activeElement && readNothing();
    const frame = chart.getBoundingClientRect();
    readValue(chart, (event.clientX - frame.left) / frame.width * 300);
  }
  document.addEventListener("pointermove", pointAt);
  document.addEventListener("pointerdown", pointAt);
  document.addEventListener("focusin", (event) => { if (chartOf(event)) readValue(chartOf(event), read ? read.x : 300); });
  document.addEventListener("focusout", (event) => { if (chartOf(event)) readNothing(); });
  document.addEventListener("keydown", (event) => {
    const chart = chartOf(event), step = STEPS[event.key];
    if (!chart || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") readNothing();
    if (step === undefined) return;
    event.preventDefault();
    const values = valuesOf(chart);
    readValue(chart, values[Math.max(0, Math.min(values.length - 1, nearest(values, read ? read.x : 300) + step))][0]);
  });
  function readValue(chart, at) {
    if (read && read.chart !== chart) readNothing();
    const values = valuesOf(chart), [x, value] = values[nearest(values, at)];
    const { unit, begin, span } = chart.dataset;
    const when = begin ? ", " + formats.clock.format((Number(begin) + x / 300 * span) * 1000) : x < 300 ? ", " + (300 - x) + " s ago" : "";
    read = {chart, x};
    readOut(chart, "M" + x + " 0V60", (unit ? value + " " + unit : bitrate(value)) + when);
  }
  function readNothing() {
    if (read) readOut(read.chart, "", "");
    read = null;
  }
  // A chart that was pushed anew is read on at the same place.
  function readOn() {
    const {id, x} = readWas || {}, fresh = id && byId(id);
    readWas = null;
    if (read && !read.chart.isConnected) read = null;
    if (fresh) readValue(fresh, x);
  }
  function readOut(chart, path, text) {
    chart.querySelector(".chart-cursor").setAttribute("d", path);
    say(chart.parentElement.querySelector(".chart-readout"), text);
  }

  // ---- Copy, reveal, confirm, presets
  async function copy(button) {
    const input = byId(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(input.value);
    } catch (insecureOrigin) {
      // Over plain http to another machine there is no clipboard API: select and copy as a person would.
      const type = input.type;
      input.type = "text";
      input.select();
      document.execCommand("copy");
      input.type = type;
    }
    const label = button.querySelector("span");
    if (label) {
      say(label, "Copied");
      setTimeout(() => say(label, "Copy"), 1600);
    }
  }
  function reveal(button) {
    const input = byId(button.dataset.reveal);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.setAttribute("aria-label", shown ? "Show the stream key" : "Hide the stream key");
  }
  function ask(link) {
    const dialog = byId("confirm");
    say(byId("confirm-title"), link.dataset.confirm);
    say(byId("confirm-text"), link.dataset.confirmText);
    say(byId("confirm-yes"), link.dataset.confirmButton);
    dialog.querySelector("form").setAttribute("action", link.getAttribute("href"));
    dialog.showModal();
    byId("confirm-no").focus();
  }
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-copy], [data-reveal], [data-confirm], #confirm-no");
    if (!target) return;
    if (target.dataset.copy) copy(target);
    else if (target.dataset.reveal) reveal(target);
    else if (target.id === "confirm-no") byId("confirm").close();
    else if (byId("confirm") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      ask(target);
    }
  });
  // A platform brings its first server and its name, a button its server, unless something else was typed there.
  function fill(field, value, known) {
    if (field.value === "" || known.includes(field.value)) field.value = value;
  }
  document.addEventListener("change", (event) => {
    const select = event.target.closest("select[data-presets]");
    if (!select) return;
    const options = [...select.options];
    const chosen = select.selectedOptions[0];
    const server = byId("destination-accepts");
    const offered = server ? [...server.querySelectorAll("button[name=use]")].map((button) => button.value) : [];
    fill(byId(select.dataset.presets), chosen.dataset.url || "", options.map((option) => option.dataset.url).concat(offered).filter(Boolean));
    fill(byId(select.dataset.presetName), chosen.value === "custom" ? "" : chosen.text, options.map((option) => option.text));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-fill]");
    if (!button) return;
    event.preventDefault();
    byId(button.dataset.fill).value = button.value;
    byId(button.dataset.fill).focus();
  });
})();
