import { ts, type tsTypes } from '../facts/compiler.js';
import { EQUALS_NAMES } from '../model/outside/equality.js';
import { isNullable } from './missing.js';

/** The method that answers with a boolean, and whether it takes an undefined or null for the other. */
export function equalsOf(
  asked: tsTypes.Type,
  about: tsTypes.Type,
  place: tsTypes.Node,
  checker: tsTypes.TypeChecker,
): { readonly method: string; readonly takesNothing: boolean } | undefined {
  for (const method of EQUALS_NAMES) {
    const property = checker.getPropertyOfType(asked, method);
    if (!property || property.flags & ts.SymbolFlags.Optional) continue;
    for (const signature of checker.getSignaturesOfType(checker.getTypeOfSymbolAtLocation(property, place), ts.SignatureKind.Call)) {
      const [parameter, ...more] = signature.getParameters();
      const answers = (checker.getReturnTypeOfSignature(signature).flags & ts.TypeFlags.BooleanLike) !== 0;
      if (!parameter || !answers || more.some((p) => !isOptional(p))) continue;
      const takes = checker.getTypeOfSymbolAtLocation(parameter, place);
      if (checker.isTypeAssignableTo(about, takes)) return { method, takesNothing: isNullable(takes) || isOptional(parameter) };
    }
  }
  return undefined;
}

function isOptional({ valueDeclaration }: tsTypes.Symbol): boolean {
  return (
    valueDeclaration !== undefined &&
    ts.isParameter(valueDeclaration) &&
    (valueDeclaration.questionToken !== undefined || valueDeclaration.initializer !== undefined)
  );
}
