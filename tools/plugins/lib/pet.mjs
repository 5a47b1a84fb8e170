// @ts-check
import { randomInt } from "node:crypto";

const ADVERBS =
  "badly barely boldly briefly calmly daily deeply early easily fairly firmly freely gently gladly highly kindly lately legibly likely mildly mostly namely neatly nicely openly partly purely quickly rarely really safely sharply simply slowly solely truly usually vastly warmly wholly widely wildly";
const ADJECTIVES =
  "able active ample apt awake aware better bold brave bright busy calm casual clean clever close cosmic crisp cute daring dear decent direct eager easy equal exact expert fair famous fast fine firm fit fleet fond free fresh full gentle glad golden good grand great happy humble just keen kind large loyal lucky merry mighty modern neat nice noble open patient polite proud quick quiet rapid ready rich robust safe sharp simple smart smooth social solid steady strong sunny super sure sweet tender tidy tough trusty useful valid vast vital warm wise worthy";
const NAMES =
  "alpaca ant antelope ape badger bat bear beaver bee bird bison boa bream buck buffalo bug camel cat chicken cobra cod condor cow coyote crab crane cricket crow deer doe dog dolphin dove dragon duck eagle eel elephant elk emu falcon fawn ferret finch fish flea fly fox frog gazelle gecko gibbon giraffe goat goose grouse gull halibut hare hawk heron hippo hornet horse husky hyena ibex iguana jackal jay kid kite kitten koala ladybug lamb lark lemming lemur leopard lion lizard llama lynx mackerel magpie mako mammoth marlin marmot moose moth mouse mule newt ocelot octopus orca oriole osprey otter owl ox panda parrot pelican penguin perch pig pigeon piranha pony puma python quail rabbit raccoon ram raven robin salmon seal shark sheep shrew skunk sloth snail snake sparrow spider squid stag starfish swan tapir tiger toad trout turkey turtle unicorn viper walrus wasp weasel whale wolf wombat yak zebra";

const [adverbs, adjectives, names] = [ADVERBS, ADJECTIVES, NAMES].map((words) => words.split(" "));

/** @param {string[]} words */
const anyOf = (words) => words[randomInt(words.length)];

/**
 * @param {number} length how many words: a name, before it an adjective, before that adverbs
 * @returns {string[]}
 */
export function petWords(length) {
  const before = Array.from({ length: Math.max(length - 2, 0) }, () => anyOf(adverbs));
  return [...before, anyOf(adjectives), anyOf(names)].slice(-Math.max(length, 1));
}
