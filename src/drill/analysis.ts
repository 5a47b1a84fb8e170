/** A stretch of time, in milliseconds after the drill's start, in which no writer got an acknowledgement. */
export interface Pause {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}

/** A shorter wait for an acknowledgement is no pause. */
export const pauseThresholdMs = 100;

/** Finds the pauses in a row of acknowledgements as they come, from the drill's start to its end. */
export class PauseMeter {
  readonly #pauses: Pause[] = [];
  #last = 0;
  #longest = 0;

  /** Takes note of an acknowledgement, `at` milliseconds after the start; none earlier than the last. */
  acknowledged(at: number): void {
    const ms = at - this.#last;
    this.#longest = Math.max(this.#longest, ms);
    if (ms > pauseThresholdMs) {
      this.#pauses.push({ from: this.#last, to: at, ms });
    }
    this.#last = at;
  }

  /** The pauses until `end`, which ends the last one as an acknowledgement would. */
  finish(end: number): { longestPauseMs: number; totalPauseMs: number; pauses: Pause[] } {
    if (end > this.#last) {
      this.acknowledged(end);
    }
    return {
      longestPauseMs: this.#longest,
      totalPauseMs: this.#pauses.reduce((sum, { ms }) => sum + ms, 0),
      pauses: this.#pauses,
    };
  }
}

/** One attempt to write in a region, begun and answered these milliseconds after the drill's start. */
export interface Sample {
  readonly from: number;
  readonly to: number;
  /** Whether the region acknowledged the write. */
  readonly acknowledged: boolean;
}

/** The pauses that a client sees who tries all regions, one sample after the other. */
export function pausesBetween(
  samples: readonly (readonly Sample[])[],
  end: number,
): { longestPauseMs: number; totalPauseMs: number } {
  const meter = new PauseMeter();
  const times = samples
    .flat()
    .filter(({ acknowledged }) => acknowledged)
    .map(({ to }) => to)
    .sort((one, other) => one - other);
  times.forEach((time) => meter.acknowledged(time));
  const { longestPauseMs, totalPauseMs } = meter.finish(end);
  return { longestPauseMs, totalPauseMs };
}

/** A sample that a second region acknowledged between two acknowledgements of another. */
export interface SecondWriter {
  readonly from: number;
  readonly to: number;
  /** Who acknowledged writes then: the sampled region first. */
  readonly regions: readonly string[];
}

/**
 * The samples that prove a second writer.
 *
 * Samples of different regions are not simultaneous, and when within a sample the write was committed is
 * not known. So a sample of a region counts only if it lies, from its beginning to its answer, between two
 * acknowledged samples of another region that refused none in between: the other region committed before
 * it and after it. A clean handover can never look like that, however the samples fall. Two regions that
 * write at once for longer than it takes to sample both three times always do.
 */
export function secondWriters(samples: Readonly<Record<string, readonly Sample[]>>): SecondWriter[] {
  const regions = Object.keys(samples);
  const spans = new Map(regions.map((region) => [region, writingSpans(samples[region]!)]));
  return regions
    .flatMap((region) =>
      samples[region]!.filter(({ acknowledged }) => acknowledged).map(({ from, to }) => {
        const others = regions.filter(
          (other) => other !== region && spans.get(other)!.some((span) => span.from <= from && to <= span.to),
        );
        return { from, to, regions: [region, ...others] };
      }),
    )
    .filter((each) => each.regions.length > 1)
    .sort((one, other) => one.from - other.from);
}

/** From the answer to the first of a run of acknowledged samples until the beginning of its last. */
function writingSpans(samples: readonly Sample[]): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  let writing = false;
  for (const { from, to, acknowledged } of samples) {
    if (acknowledged && writing) {
      spans.at(-1)!.to = from;
    } else if (acknowledged) {
      spans.push({ from: to, to: from });
    }
    writing = acknowledged;
  }
  return spans;
}
