// How far behind live a player stays that is hls.js. The playlist says how far it is to be: three parts. A player that runs
// dry there gets half a second more, and gives it back when all has gone well for a while. Where it is too far behind, or too
// near, it plays a little faster, or slower; when it is very far behind it leaps. What has run dry goes on once it has enough
// in hand not to do so again. By itself hls.js adds a second for each time that a picture stood still, for an encoder that was
// lost too, keeps that for ever, and never plays slower.
(() => {
  "use strict";
  const MORE_S = 0.5, MOST_MORE_S = 2, LESS_S = 0.25, CALM_MS = 20000;
  const NEAR_S = 0.1, FAR_S = 2.5, FASTEST = 0.1, SLOWEST = 0.05, SECONDS_TO_MAKE_GOOD = 10;
  const ENOUGH = 2 / 3, SPARE = 1 / 2, NOTHING_S = 0.1, LONGEST_WAIT_MS = 3000;

  window.HoldBack = class HoldBack {
    constructor(hls, video) {
      this.hls = hls;
      this.video = video;
      this.more = 0;
      this.live = true;
      this.calmSince = performance.now();
      this.drySince = null;
      video.addEventListener("waiting", () => this.ranDry(performance.now()));
      video.addEventListener("playing", () => this.look(performance.now(), this.live));
    }

    // Seconds; NaN while there is no playlist.
    get target() { return (this.hls.targetLatency || NaN) + this.more; }

    ranDry(now) {
      if (this.video.seeking || this.video.played.length === 0) return;
      // An encoder that is known to be lost, or a start too near to live, does not say that the playlist asks for too little.
      if (this.live && this.drySince === null && this.hls.latency > this.target - NEAR_S) {
        this.more = Math.min(MOST_MORE_S, this.more + MORE_S);
      }
      this.drySince = this.calmSince = now;
    }

    // Every now and then, and when there is something to play.
    look(now, live) {
      this.live = live;
      if (now - this.calmSince > CALM_MS) {
        this.more = Math.max(0, this.more - LESS_S);
        this.calmSince = now;
      }
      const rate = this.rate(now);
      if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
    }

    rate(now) {
      if (this.video.seeking) return 1; // What hls.js says is of the place before.
      const inHand = this.inHand(), behind = this.hls.latency - this.target;
      if (this.drySince !== null) {
        // A hole is leapt over by hls.js, but only while there is a rate.
        if (inHand < NOTHING_S) { this.drySince = now; return 1; }
        if (inHand < this.target * ENOUGH && now - this.drySince < LONGEST_WAIT_MS) return 0;
        this.drySince = null;
      }
      if (!this.live || isNaN(behind) || Math.abs(behind) < NEAR_S) return 1;
      if (behind > FAR_S && this.hls.liveSyncPosition - this.more > this.video.currentTime) {
        this.video.currentTime = this.hls.liveSyncPosition - this.more;
        return 1;
      }
      if (behind > 0 && inHand < this.target * SPARE) return 1;
      const wished = Math.round(behind / SECONDS_TO_MAKE_GOOD * 100) / 100;
      return 1 + Math.min(FASTEST, Math.max(-SLOWEST, wished));
    }

    inHand() {
      const {buffered, currentTime} = this.video;
      for (let i = 0; i < buffered.length; i++) {
        if (buffered.start(i) <= currentTime && currentTime <= buffered.end(i)) return buffered.end(i) - currentTime;
      }
      return 0;
    }
  };
})();
