// The player on a stream's page. The server says in #preview-address where the picture is and pushes it anew before its
// token ends or when another node carries the broadcast; a page whose event stream is closed asks for it. This script
// plays it. A token is exchanged under way: every request takes the newest. Another node, or a picture that stands
// still, gets a player of its own behind the one that is seen, and takes its place with its first picture.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const section = byId("preview");
  if (!section) return;
  const screen = byId("preview-screen"), stage = byId("preview-stage"), words = byId("preview-say"), bar = byId("preview-bar");
  const startButton = byId("preview-start"), playButton = byId("preview-play"), soundButton = byId("preview-sound");
  const wholeButton = byId("preview-whole"), behindText = byId("preview-behind");

  const TICK_MS = 500, NO_PICTURE_MS = 10000, STILL_MS = 6000, UNSEEN_MS = 30000, LONGEST_WAIT_MS = 10000;
  // The server has a newer address once half of a token's life is over, and pushes it then.
  const NEVER_PUSHED = 0.4, LEAST_ASKING_MS = 2000;
  const TURNED_AWAY = [401, 403, 404];
  const CODECS = {hevc: "HEVC", h265: "HEVC", av1: "AV1", vp9: "VP9", h264: "H.264"};
  const byScript = Boolean(window.ManagedMediaSource || window.MediaSource);
  const byItself = document.createElement("video").canPlayType("application/vnd.apple.mpegurl") !== "";
  const knownOrigins = new Set([location.origin, ...section.dataset.origins.split(" ")]);
  const sparing = (navigator.connection && navigator.connection.saveData) || matchMedia("(prefers-reduced-data: reduce)").matches;

  let wanted = !sparing && !matchMedia("(prefers-reduced-motion: reduce)").matches; // Nothing moves or is fetched unasked.
  let silent = true, volume = 1;
  let inView = false, unseenSince = -Infinity;
  let shown = null, coming = null;
  let failures = 0, notBefore = 0, cannotPlay = null, turnedAwayWith = null;

  const told = () => ({...byId("preview-address").dataset});
  const isTurnedAway = (address) => address.hls === turnedAwayWith;
  const same = (a, b) => a.node === b.node && a.broadcast === b.broadcast;
  function write(element, text) { if (element.textContent !== text) element.textContent = text; }
  function draw(button, icon, label) {
    const use = button.querySelector("use");
    if (use.getAttribute("href") !== "#i-" + icon) use.setAttribute("href", "#i-" + icon);
    if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
  }

  // hls.js is larger than all the rest of the page: it is fetched when there is something to play.
  let library = null;
  function hlsJs() {
    library = library || new Promise((loaded, failed) => {
      const script = document.createElement("script");
      script.src = section.dataset.player;
      script.onload = () => loaded(window.Hls);
      script.onerror = () => { library = null; script.remove(); failed(new Error("the player could not be fetched")); };
      document.head.append(script);
    });
    return library;
  }

  // Milliseconds, by this browser's clock and the server's: what is left of an address, and how long it was good for.
  function lifeOf(address) {
    try {
      const claims = new URL(address.hls).searchParams.get("token").split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
      const {iat, exp} = JSON.parse(atob(claims));
      const now = Date.now() + Number(document.documentElement.dataset.clockOffset || 0);
      return {left: exp * 1000 - now, whole: (exp - iat) * 1000};
    } catch (unreadable) {
      return {left: Infinity, whole: 0};
    }
  }

  // A tab that is hidden has no event stream, nor has one of many on screen, but it may be heard. It asks for the page
  // again, and takes the address from there.
  let asked = -Infinity;
  async function askWhenNotTold(address, now) {
    const life = lifeOf(address);
    const missed = life.left < life.whole * NEVER_PUSHED || (document.hidden && failures > 0);
    if (!missed || now - asked < Math.max(LEAST_ASKING_MS, life.whole / 100)) return;
    asked = now;
    try {
      const answer = await fetch(location.pathname, {redirect: "manual", cache: "no-store"});
      if (answer.type === "opaqueredirect" || TURNED_AWAY.includes(answer.status)) return turnAway(address);
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("preview-address");
      // What was pushed meanwhile, as to a tab that is shown again, is newer.
      const present = byId("preview-address");
      if (fresh && present.dataset.hls === address.hls) present.replaceWith(document.importNode(fresh, false));
    } catch (unreachable) {
      // It is asked for again in a moment.
    }
  }

  // Signed out, or the stream is gone: nothing is asked any more before somebody presses play.
  function turnAway(address) {
    if (told().hls !== address.hls) return;
    turnedAwayWith = address.hls;
    wanted = false;
    look();
  }

  function withNewestToken(url, address) {
    const request = new URL(url), newest = new URL(address.hls);
    if (request.searchParams.has("token")) request.searchParams.set("token", newest.searchParams.get("token"));
    return request.href;
  }

  // hls.js takes a segment for whole when no more than 0.2 s of it are missing. If its last part is so short, and is announced
  // while the one before it is under way, it is never fetched, and nothing after it for six seconds. Such a segment is taken
  // out of what hls.js keeps account of; then it fetches all its parts, those that it had from the browser's cache.
  function fetchShortLastParts(Hls, hls) {
    let once = null; // Whatever comes of it, no segment is taken out twice.
    hls.on(Hls.Events.FRAG_BUFFERED, (_, {frag, part}) => {
      const details = hls.latestLevelDetails, kept = hls.streamController.fragmentTracker;
      if (!part || frag.sn === once || !details || !details.partList) return; // Without a part all of it was fetched.
      const missing = details.partList.some((other) => other.fragment.sn === frag.sn && other.index > part.index && !other.loaded);
      if (missing && kept.getState(frag) === "OK") {
        once = frag.sn;
        kept.removeFragment(frag);
      }
    });
  }

  // One video element that plays one broadcast from one node, or only shows its newest picture.
  class Take {
    constructor(address) {
      this.address = address;
      this.born = this.moved = performance.now();
      this.time = -1;
      this.hls = this.holdBack = null;
      this.over = false;
      this.video = document.createElement("video");
      this.video.playsInline = true;
      this.video.muted = silent;
      this.video.volume = volume;
      this.video.disableRemotePlayback = true;
      this.video.setAttribute("aria-label", "Picture of the stream");
      stage.prepend(this.video);
      if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(() => this.arrived());
      this.video.addEventListener("timeupdate", () => {
        if (this.video.currentTime > 0 && (!this.video.videoWidth || !this.video.requestVideoFrameCallback)) this.arrived();
      });
      this.video.addEventListener("error", () => { if (!this.hls) this.failed(); });
    }

    async play() {
      try {
        if (byScript) await this.playByScript();
        else this.video.src = this.address.hls;
        if (!this.over) await this.video.play();
      } catch (refused) {
        if (this.over || refused.name === "AbortError") return;
        if (refused.name !== "NotAllowedError") return this.failed();
        // Browsers start nothing with sound, some nothing at all, before somebody has touched the page.
        if (!this.video.muted) { silent = true; this.video.muted = true; this.video.play().catch(() => this.refused()); }
        else this.refused();
      }
    }

    async playByScript() {
      const Hls = await hlsJs();
      if (this.over) return;
      const hls = this.hls = new Hls({
        backBufferLength: 10,
        maxBufferLength: 12,
        liveSyncOnStallIncrease: 0,
        liveDurationInfinity: true,
        xhrSetup: (request, url) => request.open("GET", withNewestToken(url, this.address), true),
      });
      this.holdBack = new HoldBack(hls, this.video);
      fetchShortLastParts(Hls, hls);
      hls.on(Hls.Events.ERROR, (_, data) => {
        const details = Hls.ErrorDetails;
        if ([details.BUFFER_ADD_CODEC_ERROR, details.BUFFER_INCOMPATIBLE_CODECS_ERROR,
          details.MANIFEST_INCOMPATIBLE_CODECS_ERROR].includes(data.details)) {
          cannotPlay = this.address.broadcast;
        }
        if (data.fatal) this.failed();
      });
      hls.loadSource(this.address.hls);
      hls.attachMedia(this.video);
    }

    showStill() {
      this.still = true;
      this.video.preload = "auto";
      this.video.src = this.address.still;
      this.video.addEventListener("loadeddata", () => this.arrived());
    }

    arrived() {
      if (this.over || this === shown) return;
      const before = shown;
      if (coming === this) coming = null;
      shown = this;
      this.video.classList.add("on-screen");
      if (before) before.end();
      if (!this.still) { failures = 0; notBefore = 0; }
      this.moved = performance.now();
      look();
    }

    failed() {
      if (this.over) return;
      this.broken = true;
      if (this.hls) this.hls.stopLoad();
      if (this === coming) {
        coming = null;
        this.end();
      }
      failures++;
      notBefore = performance.now() + Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(failures, 5));
      look();
    }

    refused() {
      wanted = false;
      look();
    }

    // What is seen stays, as a picture that stands still.
    rest() {
      this.resting = true;
      this.video.pause();
      if (this.hls) this.hls.stopLoad();
    }

    end() {
      this.over = true;
      if (this.hls) this.hls.destroy();
      this.video.removeAttribute("src");
      this.video.load();
      this.video.remove();
    }

    watch(now, live) {
      // At a rate of 0 it waits on purpose, and not for long.
      if (this.video.currentTime !== this.time || this.video.playbackRate === 0) {
        this.time = this.video.currentTime;
        this.moved = now;
      }
      if (this.holdBack && !this.video.paused) this.holdBack.look(now, live);
    }

    // Seconds between the frame's arrival at the node and now, or what the player knows of it.
    behind() {
      const clock = Date.now() + Number(document.documentElement.dataset.clockOffset || 0);
      const date = this.hls ? this.hls.playingDate : this.video.getStartDate && !isNaN(this.video.getStartDate())
        ? new Date(this.video.getStartDate().getTime() + this.video.currentTime * 1000) : null;
      const byClock = date ? (clock - date) / 1000 : -1;
      if (byClock >= 0 && byClock < 600) return byClock;
      return this.hls && this.hls.latency > 0 ? this.hls.latency : null;
    }
  }

  function seen() {
    if (!document.hidden && inView) unseenSince = 0;
    else unseenSince = unseenSince || performance.now();
    const heard = shown && !shown.still && !silent;
    return heard || !unseenSince || performance.now() - unseenSince < UNSEEN_MS;
  }

  function begin(address) {
    if (coming) coming.end();
    coming = new Take(address);
    coming.play();
  }

  function stop() {
    if (coming) coming.end();
    if (shown) shown.end();
    coming = shown = null;
    failures = 0;
    notBefore = 0;
  }

  // A node that came up after this page was made is one that the page may not fetch from: once, it is made anew.
  function unreachable(address) {
    const origin = new URL(address.hls).origin;
    if (knownOrigins.has(origin)) return false;
    const busy = document.querySelector("dialog[open]") || (document.activeElement || document.body).matches("input, select, textarea");
    if (!busy && sessionStorage.getItem("preview-origin") !== origin) {
      sessionStorage.setItem("preview-origin", origin);
      location.reload();
    }
    return true;
  }

  // Compares what is with what is to be, and does what is missing.
  function look() {
    const address = told(), now = performance.now();
    const onAir = Boolean(address.hls) && (address.state === "live" || address.state === "resuming");
    const away = onAir && unreachable(address);
    if (!onAir || away || (!byScript && !byItself) || cannotPlay === address.broadcast) {
      if (address.state === "idle" || address.state === "disabled" || cannotPlay === address.broadcast) stop();
    } else if (!wanted || !seen()) {
      if (coming && !coming.still) { coming.end(); coming = null; }
      if (shown && !shown.still && !shown.resting) shown.rest();
      if (!shown && !coming && !sparing && !isTurnedAway(address) && inView && now >= notBefore) {
        coming = new Take(address);
        coming.showStill();
      }
    } else {
      play(address, now);
    }
    show(address, onAir, away);
  }

  function play(address, now) {
    askWhenNotTold(address, now);
    for (const take of [shown, coming]) {
      if (!take || take.still || !same(take.address, address)) continue;
      const renewed = take.address.hls !== address.hls;
      take.address = address;
      // A browser that plays HLS by itself asks with the address it was given, so it is given a new one in time.
      if (renewed && !take.hls && !byScript && take === shown) take.stale = true;
    }
    const live = address.state === "live";
    if (shown) shown.watch(now, live);
    // While the encoder is away nothing moves; what is on screen is the last there is.
    if (!live && shown && !shown.still) { shown.moved = now; return; }
    const playing = shown && !shown.still && !shown.resting && !shown.broken && !shown.stale && same(shown.address, address)
      && now - shown.moved < STILL_MS;
    if (coming && (coming.still || !same(coming.address, address))) { coming.end(); coming = null; }
    if (coming && now - coming.born > NO_PICTURE_MS) coming.failed();
    if (!playing && !coming && now >= notBefore) begin(address);
  }

  function show(address, onAir, away) {
    const picture = Boolean(shown);
    stage.classList.toggle("has-picture", picture);
    startButton.hidden = !onAir || away || wanted || cannotPlay === address.broadcast;
    bar.hidden = !onAir || away || cannotPlay === address.broadcast;
    draw(playButton, wanted ? "pause" : "play", wanted ? "Pause the preview" : "Play the preview");
    draw(soundButton, silent ? "silent" : "sound", "Sound");
    soundButton.setAttribute("aria-pressed", String(!silent));
    const behind = wanted && shown && !shown.still && address.state === "live" ? shown.behind() : null;
    write(behindText, behind !== null ? behind.toFixed(1) + " s behind live" : wanted ? "" : "Paused");
    write(words, sentence(address, onAir, away, picture));
  }

  function sentence(address, onAir, away, picture) {
    const codec = CODECS[address.codec] || "this codec";
    if (address.state === "disabled") return "This stream is disabled.";
    if (address.state === "idle") return "Nothing is live. The picture appears here when your encoder starts.";
    if (!byScript && !byItself) return "This browser cannot play the preview. Your destinations get the stream all the same.";
    if (cannotPlay === address.broadcast) return "This browser cannot play " + codec + ". Your destinations get it all the same.";
    if (away) return "The picture comes from a node that this page does not know yet. Load the page again to see it.";
    if (address.state === "resuming") return picture ? "The encoder is lost; this is its last picture." : "The encoder is lost.";
    if (!onAir) return "There is no picture to be had at the moment.";
    if (isTurnedAway(address)) return "This page is not kept up to date any more. Load it again to watch.";
    if (picture && shown.video.videoWidth === 0 && !shown.still) return "Sound without a picture.";
    if (failures > 1 && wanted) return "The picture cannot be fetched; trying again.";
    return picture || !wanted ? "" : "Opening the picture…";
  }

  function toggle() {
    wanted = !wanted;
    turnedAwayWith = null;
    failures = 0;
    notBefore = 0;
    look();
    if (wanted) playButton.focus();
  }
  startButton.addEventListener("click", toggle);
  playButton.addEventListener("click", toggle);
  soundButton.addEventListener("click", () => {
    silent = !silent;
    for (const take of [shown, coming]) if (take) take.video.muted = silent;
    look();
  });
  wholeButton.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (screen.requestFullscreen) screen.requestFullscreen();
    else if (shown && shown.video.webkitEnterFullscreen) shown.video.webkitEnterFullscreen();
  });
  document.addEventListener("visibilitychange", look);
  new IntersectionObserver((entries) => {
    inView = entries[entries.length - 1].isIntersecting;
    look();
  }).observe(screen);
  // Pushed elements take the place of those that are there.
  new MutationObserver(look).observe(section, {childList: true});
  setInterval(look, TICK_MS);
  look();
})();
