/* Included before each file of LAME 3.100 (config.site): its hot functions, declared once more, with the wish that the
 * compiler makes them twice and chooses between the two when the program starts. LAME's own files stay as they are.
 *
 * The declarations must agree with LAME's, which the compiler checks. Functions that are only called from these and
 * are short are inlined into both. Test programs of `configure` have no HAVE_CONFIG_H and see nothing of this. */
#ifdef HAVE_CONFIG_H

#define JOINED_(a, b) a##b
#define JOINED(a, b) JOINED_(a, b)
#define FILE_vbrquantize 1
#define FILE_psymodel 2
#define FILE_takehiro 3
#define FILE_quantize 4
#define FILE_quantize_pvt 5
#define FILE_bitstream 6
#define FILE_newmdct 7
#define FILE_fft 8
#define FILE_util 9
#define THIS_FILE JOINED(FILE_, LAME_FILE)

/* LAME rounds through doubles on x86, a trick of the 1990s that keeps AVX2 from converting many numbers at once. Its
 * other way to round is the one it uses on ARM; all files must take the same. */
#include <config.h>
#undef TAKEHIRO_IEEE754_HACK

#if THIS_FILE
#include "lame.h"
#include "machine.h"
#include "encoder.h"
#include "util.h"
#define TWICE __attribute__((target_clones("default", "arch=x86-64-v3")))
#endif

#if THIS_FILE == FILE_vbrquantize
#include "vbrquantize.h"
#include "quantize_pvt.h"
TWICE static FLOAT calc_sfb_noise_x34(const FLOAT *, const FLOAT *, unsigned int, uint8_t);
TWICE static uint8_t find_scalefac_x34(const FLOAT *, const FLOAT *, FLOAT, unsigned int, uint8_t);
TWICE int VBR_encode_frame(lame_internal_flags *, const FLOAT[2][2][576], const FLOAT[2][2][SFBMAX],
                           const int[2][2]);
#elif THIS_FILE == FILE_psymodel
#include "psymodel.h"
TWICE int L3psycho_anal_vbr(lame_internal_flags *, const sample_t *const[2], int, III_psy_ratio[2][2],
                            III_psy_ratio[2][2], FLOAT[2], FLOAT[2], FLOAT[2], int[2]);
#elif THIS_FILE == FILE_takehiro
#include "quantize_pvt.h"
TWICE static int choose_table_nonMMX(const int *, const int *, int *);
TWICE static int count_bit_noESC_from2(const int *, const int *, int, unsigned int *);
TWICE static int count_bit_noESC_from3(const int *, const int *, int, unsigned int *);
TWICE int noquant_count_bits(lame_internal_flags const *, gr_info *, calc_noise_data *);
TWICE int count_bits(lame_internal_flags const *, const FLOAT *, gr_info *, calc_noise_data *);
TWICE void best_huffman_divide(const lame_internal_flags *, gr_info *);
#elif THIS_FILE == FILE_quantize
TWICE static void init_xrpow_core_c(gr_info *, FLOAT[576], int, FLOAT *);
#elif THIS_FILE == FILE_quantize_pvt
#include "quantize_pvt.h"
TWICE int calc_xmin(lame_internal_flags const *, III_psy_ratio const *, gr_info *, FLOAT *);
TWICE int calc_noise(gr_info const *, FLOAT const *, FLOAT *, calc_noise_result *, calc_noise_data *);
#elif THIS_FILE == FILE_bitstream
TWICE static int Huffmancode(lame_internal_flags *, unsigned int, int, int, gr_info const *);
#elif THIS_FILE == FILE_newmdct
#include "newmdct.h"
TWICE static void window_subband(const sample_t *, FLOAT[SBLIMIT]);
TWICE void mdct_sub48(lame_internal_flags *, const sample_t *, const sample_t *);
#elif THIS_FILE == FILE_fft
#include "fft.h"
TWICE static void fht(FLOAT *, int);
TWICE void fft_long(lame_internal_flags const *, FLOAT[BLKSIZE], int, const sample_t *const[2]);
TWICE void fft_short(lame_internal_flags const *, FLOAT[3][BLKSIZE_s], int, const sample_t *const[2]);
#elif THIS_FILE == FILE_util
TWICE ieee754_float32_t fast_log2(ieee754_float32_t);
#endif

#endif
