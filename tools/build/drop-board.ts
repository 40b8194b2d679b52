/** `node({ board, … })`: tools read from it what the node is built on, the node itself does not. It need not be in RAM. */
import type { Visitor } from "@babel/core";

export function dropBoard(): Visitor {
  let isRead = false;
  return {
    Program(program) {
      program.traverse({
        MemberExpression({ node }) {
          if (node.property.type === "Identifier" && node.property.name === "board") isRead = true;
        },
        StringLiteral: ({ node }) => void (isRead ||= node.value === "board"),
      });
    },
    ObjectProperty(path) {
      const { key, value, computed } = path.node;
      if (isRead || computed || key.type !== "Identifier" || key.name !== "board" || value.type !== "Identifier")
        return;
      if (path.parentPath.listKey === "arguments" && path.parentPath.key === 0) path.remove();
    },
  };
}
