const commonWords = new Set(
  (
    "about above after again also another answer because been before being below between both " +
    "called cannot could does doing done down during each every from further give have having " +
    "here hers hello himself into itself just know like make many more most much must need only " +
    "other ours over please same shall should show some such take tell than that their them then " +
    "there these they thing this those through under until upon using very want well were what " +
    "when where which while whom will with word words would write your yours"
  ).split(" "),
);

/** Text is read up to here; the rest of a very long message adds no words. */
const maximumRead = 4000;
const maximumWords = 8;

/** Up to eight of a text's own telling words, in order of appearance. */
export const keyWords = (text: string): readonly string[] => {
  const found = text.slice(0, maximumRead).match(/\p{L}[\p{L}\p{M}\p{N}'’-]*/gu) ?? [];
  const fitting = found.map((word) => word.slice(0, 40)).filter((word) => word.length > 1);
  const telling = fitting.filter(
    (word) => (word.length > 3 || !/^[a-z]+$/i.test(word)) && !commonWords.has(word.toLowerCase()),
  );
  const unique = new Map(
    (telling.length > 0 ? telling : fitting).map((word) => [word.toLowerCase(), word]),
  );
  return [...unique.values()].slice(0, maximumWords);
};
