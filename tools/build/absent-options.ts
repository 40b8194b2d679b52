/**
 * What a firmware does not ask for need not be in its bundle: where a function is called in one place, with its options
 * written out there, each option that is not among them is undefined wherever the function reads it. What then can never
 * run the minifier drops.
 */
import type { NodePath, types, Visitor } from "@babel/core";
import babel from "@babel/core";

const t = babel.types;

type Options = types.ObjectExpression;

export function dropAbsentOptions(): Visitor {
  return {
    FunctionDeclaration(path) {
      const binding = path.parentPath.scope.getBinding(path.node.id?.name ?? "");
      if (!binding?.constant) return;
      path.node.params.forEach((parameter, index) => {
        const own = t.isIdentifier(parameter) ? path.scope.getOwnBinding(parameter.name) : undefined;
        if (!own?.constant) return;
        const given = binding.referencePaths.map(({ parent, key }) =>
          key === "callee" && parent.type === "CallExpression" ? parent.arguments[index] : null,
        );
        if (given.every((value) => value === undefined || (value && isAbsent(value)))) {
          own.referencePaths.forEach((at) => at.replaceWith(t.unaryExpression("void", t.numericLiteral(0))));
          return;
        }
        // the function may hand its own options to itself
        const others = given.filter((value) => !t.isIdentifier(value) || value.name !== own.identifier.name);
        const [options] = others;
        if (others.length === 1 && t.isObjectExpression(options))
          own.referencePaths.forEach((at) => resolve(at, options));
      });
    },
    // `session || publish`: the later passes see a call of `publish`
    LogicalExpression: {
      exit(path) {
        const { operator, left, right } = path.node;
        if (operator === "||" && isAbsent(left) && t.isIdentifier(right)) path.replaceWith(right);
      },
    },
    // `use ? use() : {}`, of which the empty object is left
    VariableDeclarator: {
      exit(path) {
        const { id, init } = path.node;
        if (!t.isConditionalExpression(init) || !isAbsent(init.test) || !t.isIdentifier(id)) return;
        path.node.init = init.alternate;
        const binding = path.scope.getBinding(id.name);
        const empty = init.alternate;
        if (!binding?.constant || !t.isObjectExpression(empty) || empty.properties.length > 0) return;
        const reads = binding.referencePaths;
        if (reads.every(({ parent, key }) => t.isMemberExpression(parent) && key === "object" && !parent.computed))
          reads.forEach((at) => resolve(at, empty));
      },
    },
  };
}

/** Follows `options.a.b` into the object as it is written; what is not there is undefined. */
function resolve(at: NodePath, options: Options): void {
  const { parentPath: parent, key } = at;
  if (!parent?.isMemberExpression() || key !== "object" || parent.node.computed) return;
  const { property } = parent.node;
  if (!t.isIdentifier(property) || parent.parentPath.isAssignmentExpression({ left: parent.node })) return;
  if (!options.properties.every((each) => !t.isSpreadElement(each) && !each.computed && t.isIdentifier(each.key)))
    return;
  const found = options.properties.find(
    (each) => !t.isSpreadElement(each) && (each.key as types.Identifier).name === property.name,
  );
  if (!found) parent.replaceWith(t.unaryExpression("void", t.numericLiteral(0)));
  else if (t.isObjectProperty(found) && t.isObjectExpression(found.value)) resolve(parent, found.value);
}

const isAbsent = (node: types.Node): boolean => t.isUnaryExpression(node, { operator: "void" });
