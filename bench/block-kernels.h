// The kernels of dsl/kernels.ts over vectors of doubles: the same operations in the same order, so the same bits, as long as
// nothing is contracted (-ffp-contract=off). Their tables are the caller's.
#ifndef BLOCK_KERNELS_H
#define BLOCK_KERNELS_H

#include <math.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX2__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif
#define DOUBLES ((int)(VECTOR_BYTES / sizeof(double)))

typedef double doubles __attribute__((vector_size(VECTOR_BYTES)));
typedef int64_t longs __attribute__((vector_size(VECTOR_BYTES)));
typedef uint64_t unsigneds __attribute__((vector_size(VECTOR_BYTES)));

/** 128 × (2^(i / 128) high, low). */
static double expTable[256];
/** 256 × (c, near the reciprocal of an interval, −log c high, low, unused). */
static double logTable[1024];
/** 64 × (sine of i / 64 of a turn, cosine, low part of the sine, unused). */
static double sineTable[256];
/** The bits of 2 / pi in pieces of 24. */
static double twoOverPi[55];

#define SHIFT 6755399441055744.0

// ---- Single doubles: for arguments that are rare ------------------------------------------------------------------

static int64_t bitsOf(double x) {
  int64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/** 2^exponent for −1022 ≤ exponent ≤ 1023. */
static double powerOfTwo(int exponent) {
  const int64_t bits = (int64_t)(exponent + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

static double productError(double a, double b, double product) {
  const double aScaled = 134217729 * a;
  const double aHigh = aScaled - (aScaled - a);
  const double aLow = a - aHigh;
  const double bScaled = 134217729 * b;
  const double bHigh = bScaled - (bScaled - b);
  const double bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

static double scaleFar(double high, double low, int exponent) {
  const double value = high + low;
  if (exponent > 0) return value * 8.98846567431158e307 * 2;
  if (exponent == -1022 && value >= 1) return value * 2.2250738585072014e-308;
  const double aligner = powerOfTwo(-1022 - exponent);
  const double sum = aligner + value;
  const double rounded = sum + (aligner - sum + value + (high - value + low)) - aligner;
  return rounded * powerOfTwo(exponent + 100) * 7.888609052210118e-31;
}

/** For −746 < x. */
static double scalarExp(double x) {
  if (x >= 710) return INFINITY;
  const double count = x * 184.6649652337873 + SHIFT - SHIFT;
  const double r = x - count * 0.0054152123482253955 - count * -1.0082281460997769e-13;
  const int integer = (int)count;
  const int at = (integer & 127) << 1;
  const int exponent = integer >> 7;
  const double high = expTable[at];
  const double square = r * r;
  const double p = 0.5 + r * 0.16666666666666666 + square * (0.041666666666666664 + r * 0.008333333333333333);
  const double low = expTable[at + 1] + high * (r + square * p);
  if (exponent > -1022 && exponent < 1024) return (high + low) * powerOfTwo(exponent);
  return scaleFar(high, low, exponent);
}

/** For positive subnormal x. */
static double scalarLog(double x) {
  const double normal = x * 18014398509481984;
  const int offset = (int)(bitsOf(normal) >> 32) - 0x3fe60000;
  const int exponent = offset >> 20;
  const int at = (offset >> 10) & 0x3fc;
  const double z = normal * powerOfTwo(-exponent);
  const double c = logTable[at];
  const double zHigh = z + 402653184 - 402653184;
  const double r = zHigh * c - 1 + (z - zHigh) * c;
  const double k = exponent - 54;
  const double base = k * 0.6931471805598903 + logTable[at + 1];
  const double sum = base + r;
  const double square = r * r;
  const double p = 0.3333333333333333 - r * 0.25 + square * (0.2 - r * 0.16666666666666666) +
                   square * square * 0.14285714285714285;
  const double tail =
      base - sum + r + (k * 5.497923018708371e-14 + logTable[at + 2]) + square * (r * p - 0.5);
  return sum + tail;
}

typedef struct {
  double high, low;
  int quadrant;
} Angle;

/** For 2^20 < |x| < infinity. */
static Angle reduceHuge(double x) {
  const double magnitude = fabs(x);
  const int exponent = (int)(bitsOf(magnitude) >> 52) - 1046;
  const double scaled = magnitude * powerOfTwo(-exponent);
  const double a0 = floor(scaled);
  const double remainder = (scaled - a0) * 16777216;
  const double a1 = floor(remainder);
  const double a2 = (remainder - a1) * 16777216;
  const int n = (int)floor((exponent - 3) / 24.0) + 1;
  const double weight = powerOfTwo(exponent - 24 * n);
  double carry = 0, sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
  for (int i = 7; i >= 0; i--) {
    const double *at = twoOverPi + n + i + 2;
    const double total = a0 * at[0] + a1 * at[-1] + a2 * at[-2] + carry;
    carry = floor(total * 5.960464477539063e-8);
    const double digit = total - carry * 16777216;
    if (i >= 6) sum3 = sum3 * 5.960464477539063e-8 + digit;
    else if (i >= 4) sum2 = sum2 * 5.960464477539063e-8 + digit;
    else if (i >= 2) sum1 = sum1 * 5.960464477539063e-8 + digit;
    else if (i == 1) sum0 = digit * 5.960464477539063e-8;
    else sum0 = total * weight - 8 * floor(total * weight * 0.125) + sum0 * weight;
  }
  const double quadrant = floor(sum0 + 0.5);
  const double fraction = sum0 - quadrant;
  const double middle = sum1 * weight * 3.552713678800501e-15;
  const double rest = (sum2 + sum3 * 3.552713678800501e-15) * weight * 1.262177448353619e-29;
  const double joined = fraction + middle;
  const double joinedTail = fraction - joined + middle + rest;
  const double turns = joined + joinedTail;
  const double turnsTail = joined - turns + joinedTail;
  const double product = turns * 1.5707963267948966;
  const double cross = turns * 6.123233995736766e-17 + turnsTail * 1.5707963267948966;
  const double tail = productError(turns, 1.5707963267948966, product) + cross;
  const double high = product + tail;
  const double low = product - high + tail;
  const int sign = x < 0 ? -1 : 1;
  return (Angle){sign * high, sign * low, sign * (int)quadrant};
}

/** For |x| > pi / 4. */
static Angle reduce(double x) {
  if (!(x < 1647099 && x > -1647099)) return reduceHuge(x);
  const double n = x * 0.6366197723675814 + SHIFT - SHIFT;
  const double first = x - n * 1.5707963267341256;
  double piece = n * 6.077100506303966e-11;
  double high = first - piece;
  double low;
  if (high > 1e-6 || high < -1e-6) {
    const double part = high - first;
    low = first - (high - part) - (piece + part) - n * 2.0222662487959506e-21;
  } else {
    const double second = high;
    piece = n * 2.0222662487111665e-21;
    high = second - piece;
    const double part = high - second;
    low = second - (high - part) - (piece + part) - n * 8.4784276603689e-32;
  }
  const double sum = high + low;
  return (Angle){sum, high - sum + low, (int)n};
}

static double sineOf(Angle angle) {
  const double r = angle.high;
  const double z = r * r;
  const double z2 = z * z;
  const double p =
      -0.16666666666666666 + z * 0.008333333333333038 +
      z2 * (-0.00019841269840955916 + z * 2.7557319069675353e-6) +
      z2 * z2 * (-2.505206964378044e-8 + z * 1.6054135773582554e-10 + z2 * -7.380371497732013e-13);
  return r + (r * (z * p) + angle.low * (1 - 0.5 * z));
}

static double cosineOf(Angle angle) {
  const double r = angle.high;
  const double head = r + 100663296 - 100663296;
  const double z = r * r;
  const double z2 = z * z;
  const double p = 0.0416666666666666 + z * -0.0013888888888874565 +
                   z2 * (2.4801587289762064e-5 + z * -2.75573144308317e-7) +
                   z2 * z2 * (2.0875733326410556e-9 + z * -1.1360129513993481e-11);
  return 1 - 0.5 * head * head + (z2 * p - 0.5 * (r - head) * (r + head) - r * angle.low);
}

/** For 100000 ≤ |x| < infinity. */
static double scalarSinCos(double x, int isCosine) {
  const Angle angle = reduce(x);
  const int turned = angle.quadrant + isCosine;
  const double value = (turned & 1) == 0 ? sineOf(angle) : cosineOf(angle);
  return (turned & 2) == 0 ? value : -value;
}

static double scalarSine(double x) { return scalarSinCos(x, 0); }
static double scalarCosine(double x) { return scalarSinCos(x, 1); }

// ---- Vectors of doubles -------------------------------------------------------------------------------------------

static inline doubles splat(double x) { return x - (doubles){0}; }

static inline doubles select(longs mask, doubles yes, doubles no) {
  return (doubles)((mask & (longs)yes) | (~mask & (longs)no));
}

static inline doubles magnitudeOf(doubles x) { return (doubles)((longs)x & INT64_MAX); }

static inline int isAnyTrue(longs mask) {
#if defined(__AVX512DQ__)
  return _mm512_movepi64_mask((__m512i)mask) != 0;
#else
  int64_t any = 0;
  for (int lane = 0; lane < DOUBLES; lane++) any |= mask[lane];
  return any != 0;
#endif
}

/** table[at] of each lane. */
static inline doubles gather(const double *table, longs at) {
#if defined(__AVX512F__)
  return (doubles)_mm512_i64gather_pd((__m512i)at, table, 8);
#elif defined(__AVX2__)
  return (doubles)_mm256_i64gather_pd(table, (__m256i)at, 8);
#else
  return (doubles){table[at[0]], table[at[1]]};
#endif
}

static inline longs isRegularExp(doubles x) { return magnitudeOf(x) <= 708; }

static inline doubles vectorExp(doubles x) {
  const doubles shifted = x * 184.6649652337873 + SHIFT;
  const doubles count = shifted - SHIFT;
  const doubles r = x - count * 0.0054152123482253955 - count * -1.0082281460997769e-13;
  const longs at = ((longs)shifted & 127) << 1;
  const doubles high = gather(expTable, at);
  const doubles low = gather(expTable + 1, at);
  const doubles square = r * r;
  const doubles p = 0.5 + r * 0.16666666666666666 + square * (0.041666666666666664 + r * 0.008333333333333333);
  const doubles rest = r + square * p;
  const longs power = (((longs)shifted << 45) & (INT64_MIN >> 11)) + 0x3ff0000000000000;
  return (high + (low + high * rest)) * (doubles)power;
}

/** What is neither regular nor far: infinity above, 0 below, or NaN. */
static inline doubles specialExp(doubles x) { return select(x < 0, splat(0), x) * 1.7976931348623157e308; }
static inline longs isFarExp(doubles x) { return (magnitudeOf(x) > 708) & (magnitudeOf(x) < 746); }

static inline longs isRegularLog(doubles x) { return (x >= 2.2250738585072014e-308) & (x < INFINITY); }

static inline doubles vectorLog(doubles x) {
  const longs offset = (longs)x - 0x3fe6000000000000;
  const longs exponentBits = offset & (INT64_MIN >> 11);
  const doubles z = (doubles)((longs)x - exponentBits);
  // exponentBits / 2^52 as a double: 2^52 + 2^11 + k has k in its last bits.
  const unsigneds biased = ((unsigneds)(offset ^ INT64_MIN) >> 52) | 0x4330000000000000;
  const doubles k = (doubles)biased - 4503599627372544.0;
  const longs at = (longs)((unsigneds)offset >> 42) & 0x3fc;
  const doubles c = gather(logTable, at);
  const doubles tableHigh = gather(logTable + 1, at);
  const doubles tableLow = gather(logTable + 2, at);
  const doubles zHigh = z + 402653184.0 - 402653184.0;
  const doubles r = zHigh * c - 1.0 + (z - zHigh) * c;
  const doubles base = k * 0.6931471805598903 + tableHigh;
  const doubles sum = base + r;
  const doubles square = r * r;
  const doubles p = 0.3333333333333333 - r * 0.25 + square * (0.2 - r * 0.16666666666666666) +
                    square * square * 0.14285714285714285;
  const doubles tail =
      base - sum + r + (k * 5.497923018708371e-14 + tableLow) + square * (r * p - 0.5);
  return sum + tail;
}

/** Below 0 all ones, a NaN; infinities of 0 and of infinity. */
static inline doubles specialLog(doubles x) {
  return (doubles)((longs)x | (x < 0)) - (doubles)((longs)splat(INFINITY) & (x == 0));
}
static inline longs isFarLog(doubles x) { return (x > 0) & (x < 2.2250738585072014e-308); }

static inline longs isRegularAngle(doubles x) { return magnitudeOf(x) < 100000; }

static inline doubles vectorSinCos(doubles x, int isCosine) {
  const doubles magnitude = magnitudeOf(x);
  const doubles shifted = magnitude * 10.185916357881302 + SHIFT;
  const doubles n = shifted - SHIFT;
  const doubles first = magnitude - n * 0.09817477042088285;
  const doubles piece = n * 3.798187816439979e-12;
  const doubles r = first - piece;
  const doubles tail = first - r - piece - n * 1.2639164054974691e-22;
  const longs at = (((longs)shifted + (isCosine ? 16 : 0)) & 63) << 2;
  const doubles sine = gather(sineTable, at);
  const doubles cosine = gather(sineTable + 1, at);
  const doubles sineTail = gather(sineTable + 2, at);
  const doubles z = r * r;
  const doubles z2 = z * z;
  const doubles sineRest =
      r * (z * (-0.16666666666666546 + z * 0.008333333324333688 + z2 * -0.00019840273845896154)) + tail;
  const doubles cosineRest = z * (-0.4999999999999892 + z * 0.041666666585670434 + z2 * -0.001388799249796147);
  const doubles y = sine + (cosine * r + (cosine * sineRest + (sine * cosineRest + sineTail)));
  return isCosine ? y : (doubles)((longs)y ^ ((longs)x & INT64_MIN));
}

static inline doubles specialAngle(doubles x) { return x - x; }
static inline longs isFarAngle(doubles x) { return (magnitudeOf(x) >= 100000) & (magnitudeOf(x) < INFINITY); }

static inline doubles vectorSine(doubles x) { return vectorSinCos(x, 0); }
static inline doubles vectorCosine(doubles x) { return vectorSinCos(x, 1); }

#endif
