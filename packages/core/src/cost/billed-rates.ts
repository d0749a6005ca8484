import type { Rates } from "./price-schedule.ts";

/**
 * What each bucket is billed at where a schedule is silent: cache reads and five-minute writes as
 * input, one-hour writes as five-minute ones, reasoning as output, audio, image and video as the text
 * of their direction. Cached audio: where audio costs what text costs, as cached text; else as audio
 * (the dearer reading, since no discount is documented). The same for cached images.
 */
export const cacheReadRate = (rates: Rates): number => rates.cacheReadPicoUsd ?? rates.inputPicoUsd;

export const cacheWrite5mRate = (rates: Rates): number =>
  rates.cacheWrite5mPicoUsd ?? rates.inputPicoUsd;

export const cacheWrite1hRate = (rates: Rates): number =>
  rates.cacheWrite1hPicoUsd ?? cacheWrite5mRate(rates);

const cachedAs = (plainRate: number, rates: Rates): number =>
  plainRate === rates.inputPicoUsd ? cacheReadRate(rates) : plainRate;

export const audioInputRate = (rates: Rates): number =>
  rates.audioInputPicoUsd ?? rates.inputPicoUsd;

export const audioCacheReadRate = (rates: Rates): number =>
  rates.audioCacheReadPicoUsd ?? cachedAs(audioInputRate(rates), rates);

export const imageInputRate = (rates: Rates): number =>
  rates.imageInputPicoUsd ?? rates.inputPicoUsd;

export const imageCacheReadRate = (rates: Rates): number =>
  rates.imageCacheReadPicoUsd ?? cachedAs(imageInputRate(rates), rates);

export const videoInputRate = (rates: Rates): number =>
  rates.videoInputPicoUsd ?? rates.inputPicoUsd;

export const reasoningRate = (rates: Rates): number =>
  rates.reasoningPicoUsd ?? rates.outputPicoUsd;

export const audioOutputRate = (rates: Rates): number =>
  rates.audioOutputPicoUsd ?? rates.outputPicoUsd;

export const imageOutputRate = (rates: Rates): number =>
  rates.imageOutputPicoUsd ?? rates.outputPicoUsd;

export const videoOutputRate = (rates: Rates): number =>
  rates.videoOutputPicoUsd ?? rates.outputPicoUsd;
