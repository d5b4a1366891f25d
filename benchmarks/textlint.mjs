// Lints texts with two rules of textlint in one warm process and tells times and places.
//
// Usage: node textlint.mjs TASK.json, with textlint, textlint-rule-terminology and
// textlint-rule-prh installed in the current folder. TASK: {terms: [[wrong, right]], prh: FILE,
// article, rounds, sentences}. Prints {rule: {ms: [...], found: [[[start, end], ...], ...]}}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(process.cwd() + "/"));
const load = async (name) => {
  const found = await import(pathToFileURL(require.resolve(name)).href);
  let rule = found.default ?? found;
  while (rule.default) rule = rule.default;
  return rule;
};
const task = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { TextlintKernel } = await import(
  pathToFileURL(require.resolve("@textlint/kernel")).href
);
const plugin = await load("@textlint/textlint-plugin-text");
const rules = {
  terminology: { rule: await load("textlint-rule-terminology"),
                 options: { terms: task.terms, defaultTerms: false, skip: [] } },
  prh: { rule: await load("textlint-rule-prh"), options: { rulePaths: [task.prh] } },
};
const kernel = new TextlintKernel();
const told = {};
for (const [ruleId, { rule, options }] of Object.entries(rules)) {
  const lint = (text) => kernel.lintText(text, {
    filePath: process.cwd() + "/text.txt", ext: ".txt",
    plugins: [{ pluginId: "text", plugin }],
    rules: [{ ruleId, rule, options }],
  });
  await lint(task.article);
  const ms = [];
  for (let round = 0; round < task.rounds; round++) {
    const start = performance.now();
    await lint(task.article);
    ms.push(performance.now() - start);
  }
  const found = [];
  for (const text of task.sentences) {
    const { messages } = await lint(text);
    found.push(messages.map((one) => one.range ?? [one.index, one.index + 1]));
  }
  told[ruleId] = { ms, found };
}
process.stdout.write(JSON.stringify(told));
