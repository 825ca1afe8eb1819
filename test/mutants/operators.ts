import { parseAst } from 'rolldown/parseAst';

/** One small fault that is put into a source text. */
export interface Mutant {
  /** `isWaiting: left > 0 → left >= 0`: tells it from all others of the file, also when lines move. */
  readonly name: string;
  /** Where in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** A node of the syntax tree (ESTree); what has no such form is none. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

type Fault = Omit<Mutant, 'name'>;

const swapped: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '**': '*',
  '&&': '||',
  '||': '&&',
  '+=': '-=',
  '-=': '+=',
};

/** Methods that hand on what they are called on, but for something. */
const leavingOut = ['filter', 'sort', 'toSorted', 'reverse', 'toReversed', 'slice', 'trim'];

/** All mutants of a TypeScript text, in their order. */
export function mutantsOf(text: string): Mutant[] {
  const found: Fault[] = [];
  const inside = new Map<Fault, string>();
  walk(parseAst(text, { lang: 'ts' }) as unknown as Node, undefined, '', (node, parent, name) => {
    for (const fault of faultsOf(node, parent, text)) {
      found.push(fault);
      inside.set(fault, name);
    }
  });
  const seen = new Map<string, number>();
  return found
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .map((fault) => {
      const name = `${inside.get(fault)}: ${describe(fault, text)}`;
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return { ...fault, name: count === 1 ? name : `${name} #${count}` };
    });
}

/** The text with the fault in it. */
export function withMutant(text: string, { start, end, replacement }: Fault): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

function faultsOf(node: Node, parent: Node | undefined, text: string): Fault[] {
  const source = (child: Node) => text.slice(child.start, child.end);
  const all = (replacement: string): Fault => ({ start: node.start, end: node.end, replacement });
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
      return [negate(asNode(node['test']), text)].flatMap((fault) => fault ?? []);
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression':
      return operatorFaults(node, parent, text);
    case 'UnaryExpression':
      return node['operator'] === '!' && !isTestOf(node, parent)
        ? [all(source(asNode(node['argument'])))]
        : [];
    case 'Literal':
      return typeof node['value'] === 'boolean' ? [all(String(!node['value']))] : [];
    case 'ArrayExpression':
      return (node['elements'] as unknown[]).length > 0 ? [all('[]')] : [];
    case 'ExpressionStatement':
      return isCall(asNode(node['expression'])) ? [all(';')] : [];
    case 'CallExpression':
      return leftOut(node).map((object) => all(source(object)));
    case 'BlockStatement':
      return isBodyOf(node, parent)
        ? [{ start: node.start, end: node.start + 1, replacement: '{ return;' }]
        : [];
    default:
      return [];
  }
}

/** `a === b` is negated where it stands, like any other condition. */
function negate(test: Node, text: string): Fault | undefined {
  const inner = text.slice(test.start, test.end);
  const isNegation = test.type === 'UnaryExpression' && test['operator'] === '!';
  const replacement = isNegation ? inner.slice(1) : `!(${inner})`;
  // Comparisons and logical operators have their own.
  return test.type === 'BinaryExpression' ? undefined : { start: test.start, end: test.end, replacement };
}

function operatorFaults(node: Node, parent: Node | undefined, text: string): Fault[] {
  const [left, right] = [asNode(node['left']), asNode(node['right'])];
  const operator = String(node['operator']);
  if (operator === '??')
    return isKey(node, parent) ? [] : [{ start: left.end, end: right.end, replacement: '' }];
  const other = swapped[operator];
  const isText = [left, right].some(
    ({ type, value }) => type === 'TemplateLiteral' || typeof value === 'string',
  );
  if (other === undefined || (isText && ['+', '+='].includes(operator))) return [];
  const at = text.indexOf(operator, left.end);
  const fault = { start: at, end: at + operator.length, replacement: other };
  // What is compared before `<` or `>` is mostly an amount: both ends of it, and the other direction.
  return parent && ['<', '<=', '>', '>='].includes(operator) ? [fault, opposite(node, text)] : [fault];
}

/** `names.get(name ?? '')`: there is nothing under undefined either. */
function isKey(node: Node, parent: Node | undefined): boolean {
  if (parent?.type !== 'CallExpression') return false;
  const { property } = asNode(parent['callee']);
  const isLookUp = isNode(property) && ['get', 'has'].includes(String(property['name']));
  return isLookUp && (parent['arguments'] as unknown[]).includes(node);
}

function opposite(node: Node, text: string): Fault {
  return { start: node.start, end: node.end, replacement: `!(${text.slice(node.start, node.end)})` };
}

function isTestOf(node: Node, parent: Node | undefined): boolean {
  return parent?.['test'] === node;
}

function isCall({ type, argument }: Node): boolean {
  return type === 'CallExpression' || (type === 'AwaitExpression' && isCall(asNode(argument)));
}

function leftOut(node: Node): Node[] {
  const callee = asNode(node['callee']);
  const property = callee.type === 'MemberExpression' ? asNode(callee['property'])['name'] : undefined;
  return leavingOut.includes(String(property)) ? [asNode(callee['object'])] : [];
}

function isBodyOf(block: Node, parent: Node | undefined): boolean {
  return /Function/.test(parent?.type ?? '') && (block['body'] as unknown[]).length > 0;
}

/** Types have no meaning when the program runs. */
const meaningless = /^(TS(?!AsExpression|SatisfiesExpression|NonNullExpression)|Import|ExportAll)/;

function walk(
  node: Node,
  parent: Node | undefined,
  name: string,
  visit: (node: Node, parent: Node | undefined, name: string) => void,
): void {
  if (meaningless.test(node.type)) return;
  const own = nameOf(node) ?? name;
  visit(node, parent, own);
  for (const child of Object.values(node).flat()) if (isNode(child)) walk(child, node, own, visit);
}

/** The name of what it declares. */
function nameOf(node: Node): string | undefined {
  const named = ['FunctionDeclaration', 'VariableDeclarator', 'ClassDeclaration'].includes(node.type)
    ? node['id']
    : ['Property', 'MethodDefinition'].includes(node.type) && /Function/.test(asNode(node['value']).type)
      ? node['key']
      : undefined;
  const name = isNode(named) ? named['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function describe({ start, end, replacement }: Fault, text: string): string {
  // An operator alone says nothing.
  const around = end - start <= 3 ? lineAround(text, start, end) : text.slice(start, end);
  const before = shorten(around);
  if (replacement === '{ return;') return 'returns at once';
  if (replacement === '' || replacement === ';') return `without ${shorten(text.slice(start, end))}`;
  return end - start <= 3 ? `${before}, with ${replacement}` : `${before} → ${shorten(replacement)}`;
}

/** The line with the part in French quotes. */
function lineAround(text: string, start: number, end: number): string {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const to = text.indexOf('\n', end);
  return `${text.slice(from, start)}«${text.slice(start, end)}»${text.slice(end, to === -1 ? undefined : to)}`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 110 ? line : `${line.slice(0, 70)} … ${line.slice(-37)}`;
}

function asNode(value: unknown): Node {
  return isNode(value) ? value : { type: '', start: 0, end: 0 };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
