/**
 * The simulator's own tokens: a word piece of up to seven letters with the blank before it, up to
 * three digits, one ideograph or kana, up to three other signs, or a run of white space. English
 * prose comes to roughly four characters a token, as with real vocabularies, without loading one.
 *
 * No alternative looks ahead, so appending text only lengthens the last token or adds more: counts
 * never fall when text grows, and the tokens put together are the text again.
 */
const token =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]| ?[[\p{L}\p{M}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]]{1,7}| ?\p{N}{1,3}| ?[^\s\p{L}\p{M}\p{N}]{1,3}|\s{1,16}/gv;

/** The tokens of a text, in order; joined they are the text. */
export const tokensOf = (text: string): readonly string[] => text.match(token) ?? [];

/** How many tokens a text has: what the simulator reports and what it bills. */
export const countTokens = (text: string): number => tokensOf(text).length;
