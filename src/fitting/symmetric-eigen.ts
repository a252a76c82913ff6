const MAXIMUM_SWEEPS = 40;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations (1846), in a fixed order, with square roots alone: the
 * same bits everywhere.
 * @param matrix count × count, row by row; afterwards its diagonal holds the eigenvalues
 * @param vectors count × count; afterwards column k is the eigenvector of the k-th eigenvalue
 */
export function symmetricEigen(count: number, matrix: Float64Array, vectors: Float64Array): void {
  vectors.fill(0);
  for (let i = 0; i < count; i++) vectors[i * count + i] = 1;
  const at = (row: number, column: number): number => matrix[row * count + column] as number;
  for (let sweep = 0; sweep < MAXIMUM_SWEEPS; sweep++) {
    let off = 0;
    let all = 0;
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) {
        const square = at(i, j) * at(i, j);
        all += square;
        if (i !== j) off += square;
      }
    if (!(off > 1e-30 * all)) return;
    for (let p = 0; p < count - 1; p++)
      for (let q = p + 1; q < count; q++) {
        const apq = at(p, q);
        if (apq === 0) continue;
        const theta = (at(q, q) - at(p, p)) / (2 * apq);
        const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const cosine = 1 / Math.sqrt(tangent * tangent + 1);
        const sine = tangent * cosine;
        for (let k = 0; k < count; k++) {
          const [kp, kq] = [at(k, p), at(k, q)];
          matrix[k * count + p] = cosine * kp - sine * kq;
          matrix[k * count + q] = sine * kp + cosine * kq;
        }
        for (let k = 0; k < count; k++) {
          const [pk, qk] = [at(p, k), at(q, k)];
          matrix[p * count + k] = cosine * pk - sine * qk;
          matrix[q * count + k] = sine * pk + cosine * qk;
        }
        for (let k = 0; k < count; k++) {
          const vp = vectors[k * count + p] as number;
          const vq = vectors[k * count + q] as number;
          vectors[k * count + p] = cosine * vp - sine * vq;
          vectors[k * count + q] = sine * vp + cosine * vq;
        }
      }
  }
}
